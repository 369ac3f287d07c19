import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def url = context.get('url')
def (migrated, day, all, one) = Steps.of(basedir)[0].goals

assert all.contains('Dry run: events are processed, then all changes in the database are rolled back.')
assert all.contains('All followers selected for synchronization.')
assert all =~ /\[1\/2] Diplomas +OK \(dry-run\)  9 events from TrainingSchool/
assert all =~ /\[2\/2] TrickBoard +OK \(dry-run\)  6 events from TrainingSchool/
assert one.contains('1 follower selected for synchronization.')
assert one =~ /\[1\/1] TrickBoard +OK \(dry-run\)  6 events from TrainingSchool/

// The school's own events, and nothing else.
assert ItDatabase.rows(url, 'SELECT DISTINCT application_name FROM stored_events') == ['TrainingSchool']
assert ItDatabase.counts(url, 'stored_events', 'notification_tracking', 'trick_counts') == [9, 0, 0]
return true
