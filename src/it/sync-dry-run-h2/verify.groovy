import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps
import groovy.json.JsonSlurper

def url = ItDatabase.defaultOf(basedir)
def (migrated, day, all, one) = Steps.of(basedir)[0].goals

assert all.contains('Dry run: events are processed, then all changes in the database are rolled back.')
assert all.contains('All followers selected for synchronization.')
assert all =~ /\[1\/2] Diplomas +OK \(dry-run\)  9 events from TrainingSchool/
assert all =~ /\[2\/2] TrickBoard +OK \(dry-run\)  6 events from TrainingSchool/
assert one.contains('1 follower selected for synchronization.')
assert one =~ /\[1\/1] TrickBoard +OK \(dry-run\)  6 events from TrainingSchool/
assert all =~ /would append 1 Diploma\.Awarded, \d Diploma\.TrickCounted/
assert new File(basedir, 'target/reports/board.txt').text =~ /TrickBoard +OK \(dry-run\)  6 events from TrainingSchool/

def log = new File(basedir, 'build.log').text.replaceAll('\u001b\\[[0-9;]*m', '')
def plan = new JsonSlurper().parseText(log.substring(log.lastIndexOf('\n{\n'), log.lastIndexOf('\n}') + 2))
assert plan.mode == 'plan'
assert plan.followers.collectEntries { [it.name, it.events] } == [Diplomas: 9, TrickBoard: 6]
// Behind the end of the run before stands the report, and nothing else but Maven's.
def quiet = log.substring(log.lastIndexOf('Finished at:')).readLines().drop(2)
assert quiet.every { it.startsWith('{') || it.startsWith(' ') || it.startsWith('}') || it.isEmpty() || it.startsWith('Running post-build') }

// The school's own events, and nothing else.
assert ItDatabase.rows(url, 'SELECT DISTINCT application_name FROM stored_events') == ['TrainingSchool']
assert ItDatabase.counts(url, 'stored_events', 'notification_tracking', 'trick_counts') == [9, 0, 0]
return true
