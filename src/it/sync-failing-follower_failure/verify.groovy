import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps
import groovy.json.JsonSlurper
import groovy.xml.XmlSlurper

def url = ItDatabase.defaultOf(basedir)
def (sync, lenient) = new File(basedir, 'build.log').text.split('Scanning for projects').drop(1) + ['']
def id = ItDatabase.number(url, "SELECT id FROM stored_events WHERE topic = 'Dog.TrickAdded' AND originator_version = 4")

def summary = "Follower Inspections failed: Inspections failed to process notification ${id} of TrainingSchool (Dog.TrickAdded, version 4 of "
assert sync =~ /\[ERROR] \[1\/2] Inspections +FAILED  3 events from TrainingSchool before it failed/
assert sync =~ /\[2\/2] TrickBoard +OK  6 events from TrainingSchool/
assert sync.contains(summary)
assert sync.contains('IllegalStateException: To roll over is not in the syllabus')
assert sync.contains('BUILD FAILURE')
assert !(sync =~ /(?m)^\s+at [a-z]/)
// Where to look, without asking again.
assert sync =~ /\[ERROR] +at inspection\.Inspections\.policy\(Inspections\.java:\d+\)/
assert sync =~ /\[INFO] Follower +Result +Events +Time/
assert sync =~ /\[INFO] Inspections +FAILED +3 +\d/
assert sync.contains('1 of 2 followers failed. What they had processed before stays.')
// In batches of one, the failing event alone was processed again.
assert ['sit', 'fetch', 'roll over'].collect { sync.count('Inspecting ' + it) } == [1, 1, 2]
// The quiet run.
assert sync.count(summary) == 2

// Reports alone, and all of it.
assert lenient.contains('[WARNING] The build does not fail for it, as -Dfail-on-error=false says.')
assert lenient.contains('BUILD SUCCESS')
assert lenient.contains('java.lang.IllegalStateException: To roll over is not in the syllabus')
def report = new JsonSlurper().parse(new File(basedir, 'target/followers.json'))
def error = report.followers[0].error
assert [report.verdict, report.exitCode] == ['partial', 0]
assert report.followers*.name == ['Inspections', 'TrickBoard']
assert [error.class, error.leader, error.notificationId, error.topic, error.originatorVersion] ==
        ['java.lang.IllegalStateException', 'TrainingSchool', id, 'Dog.TrickAdded', 4]
def suite = new XmlSlurper().parse(new File(basedir, 'target/followers.xml'))
assert suite.testcase*.@name*.text() == ['Inspections', 'TrickBoard']
assert suite.testcase[0].failure.@message.text().contains('To roll over is not in the syllabus')
assert suite.testcase[0].failure.text().contains('at inspection.Inspections.policy(Inspections.java:')

// What came before the failing event stays, nothing of the failing one does, and the other follower is done.
assert ItDatabase.rows(url, 'SELECT trick FROM inspection_notes') == ['sit', 'fetch']
assert ItDatabase.number(url, "SELECT notification_id FROM notification_tracking WHERE application_name = 'Inspections'") == id - 1
assert ItDatabase.number(url, 'SELECT sum(dogs) FROM trick_counts') == 6
return true
