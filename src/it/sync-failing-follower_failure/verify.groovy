import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def url = ItDatabase.defaultOf(basedir)
def (opening, sync, again) = new File(basedir, 'build.log').text.split('Scanning for projects').drop(1) + ['']
def id = ItDatabase.number(url, "SELECT id FROM stored_events WHERE topic = 'Dog.TrickAdded' AND originator_version = 4")

def summary = "Follower Inspections failed: Inspections failed to process notification ${id} of TrainingSchool (Dog.TrickAdded, version 4 of "
assert sync =~ /\[ERROR] \[1\/2] Inspections +FAILED  3 events from TrainingSchool before it failed/
assert sync =~ /\[2\/2] TrickBoard +OK  6 events from TrainingSchool/
assert sync.contains(summary)
assert sync.contains('IllegalStateException: To roll over is not in the syllabus')
assert sync.contains('BUILD FAILURE')
assert !(sync =~ /(?m)^\s+at [a-z]/)
// In batches of one, the failing event alone was processed again.
assert ['sit', 'fetch', 'roll over'].collect { sync.count('Inspecting ' + it) } == [1, 1, 2]
// The quiet run.
assert sync.count(summary) == 2

// What came before the failing event stays, nothing of the failing one does, and the other follower is done.
assert ItDatabase.rows(url, 'SELECT trick FROM inspection_notes') == ['sit', 'fetch']
assert ItDatabase.number(url, "SELECT notification_id FROM notification_tracking WHERE application_name = 'Inspections'") == id - 1
assert ItDatabase.number(url, 'SELECT sum(dogs) FROM trick_counts') == 6
return true
