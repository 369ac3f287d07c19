import dev.eventsourcing.maven.it.Steps

def (yes, empty, misspelt, nobody, noMember, noNumber, noEvents, noMigration) = Steps.of(basedir).collect { it.log }

assert yes.contains('-Ddry-run=yes is none of false, true, plan.')
assert empty.contains('-Ddry-run= is none of false, true, plan.')
assert misspelt.contains('There is no flag -DdryRun. Write -Ddry-run.')
assert nobody.contains('-Dfollowers= has an empty name.')
assert noMember.contains('-Drunner=training.School')
assert noNumber.contains('-Dbatch-size=ten is not a whole number of at most nine digits.')
assert noEvents.contains('A batch size of 0 events cannot be used. Give one from 1 to 10000.')
assert noMigration.contains('eventsourcing:migrate has no flag -Dbatch-size, and did nothing.')
return true
