import dev.eventsourcing.maven.it.Steps

def (run, skipped, help) = Steps.of(basedir).collect { it.output }

assert run.contains('Migrated: the tables are now at version 3.')
assert run =~ /\[2\/2] TrickBoard +OK  0 events/
assert skipped.contains('Skipped: eventsourcing.skip is true.')
['dry-run', 'followers', 'runner', 'eventsourcing.url', 'eventsourcing.schema', 'eventsourcing.skip'].each {
    assert help.contains("User property: ${it}")
}
return true
