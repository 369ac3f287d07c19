import dev.eventsourcing.maven.it.Steps

def step = Steps.of(basedir)[0]
def run = step.output
def help = step.goals[0]

assert run.contains('Migrated: the tables are now at version 6.')
assert run =~ /\[2\/2] TrickBoard +OK  0 events/
// The project has no SLF4J binding: what the library has to say is said, and SLF4J does not complain.
assert run.contains('[WARNING] No eventsourcing.url is set')
assert !run.contains('SLF4J')
['dry-run', 'followers', 'runner', 'eventsourcing.url', 'eventsourcing.schema', 'eventsourcing.skip'].each {
    assert help.contains("User property: ${it}")
}
return true
