import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def url = ItDatabase.defaultOf(basedir)
def log = new File(basedir, 'build.log').text
def (day, rehearsal, sync, again) = log.split('Scanning for projects').drop(1) + ['']
def parked = ItDatabase.rows(url, 'SELECT topic, attempts, reason FROM parked_events ORDER BY notification_id')

assert rehearsal =~ /\[WARNING] \[1\/1] Inspections +OK \(dry-run\)  ${9 - parked.size()} events from TrainingSchool, ${parked.size()} parked/
assert rehearsal =~ /\[WARNING] +would park: Inspections failed to process notification \d+ of TrainingSchool .*To roll over is not in the syllabus/
assert rehearsal =~ /\[WARNING] +at inspection\.Inspections\.policy\(Inspections\.java:\d+\)/
assert sync =~ /\[WARNING] \[1\/1] Inspections +OK  ${9 - parked.size()} events from TrainingSchool, ${parked.size()} parked/
assert sync.contains('Table parked_events says why, where application_name is Inspections.')
assert sync.contains('BUILD SUCCESS')
assert again =~ /\[INFO] \[1\/1] Inspections +OK  0 events from TrainingSchool/
assert again =~ /\[WARNING] +${parked.size()} events? of TrainingSchool are parked in all\./
assert again.contains('BUILD SUCCESS')

assert parked[0][0] == 'Dog.TrickAdded'
assert parked[0][1] == 1
assert parked[0][2].contains('To roll over is not in the syllabus')
assert parked.drop(1).every { it[1] == 0 }
return true
