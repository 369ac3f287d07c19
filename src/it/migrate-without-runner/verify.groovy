import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def run = Steps.of(basedir)[0]
def (first, second) = run.goals
def file = new File(basedir, 'target/eventsourcing.mv.db')

assert file.exists()
[first, second].each {
    assert it.readLines().count { line -> line.startsWith('[WARNING]') } == 1
    assert it.contains("events are kept in ${file.absolutePath}, which is for trying out")
}
assert first.contains('applied V1 create event tables')
assert second.contains('Nothing to migrate: the tables are at version 6.')
assert !second.contains('applied')
assert ItDatabase.counts(ItDatabase.defaultOf(basedir), 'stored_events', 'snapshots', 'notification_tracking') == [0, 0, 0]

assert run.log.contains('No runner found: none is named, none is provided as a service dev.eventsourcing.system.RunnerFactory')
assert run.log.contains('-Drunner=com.acme.School::runner')
assert run.log.contains('  In nearly.School, method runner is not static.')
return true
