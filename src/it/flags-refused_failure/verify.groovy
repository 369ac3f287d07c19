import dev.eventsourcing.maven.it.Steps

def (yes, empty, misspelt, nobody, noMember) = Steps.of(basedir).collect { it.log }

assert yes.contains('-Ddry-run=yes is neither true nor false.')
assert empty.contains('-Ddry-run= is neither true nor false.')
assert misspelt.contains('There is no flag -DdryRun. Write -Ddry-run.')
assert nobody.contains('-Dfollowers= has an empty name.')
assert noMember.contains('-Drunner=training.School')
return true
