import dev.eventsourcing.maven.it.Steps

def steps = Steps.of(basedir)

assert steps[0].log.contains('Found 2 runners. Say which one with one of:')
assert steps[0].log.contains('-Drunner=two.Schools::DAY')
assert steps[0].log.contains('-Drunner=two.Schools::evening')
assert steps[1].output =~ /\[2\/2] TrickBoard +OK/
assert steps[2].output =~ /\[2\/2] TrickBoard +OK/
return true
