import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def url = ItDatabase.defaultOf(basedir)
def run = Steps.of(basedir)[0]
def (migrated, day, dryRun, sync, again) = run.goals
def parked = ItDatabase.rows(url, 'SELECT topic, attempts, reason FROM parked_events ORDER BY notification_id')

assert dryRun =~ /\[WARNING] \[1\/1] Inspections +OK \(dry-run\)  ${9 - parked.size()} events from TrainingSchool, ${parked.size()} parked/
assert dryRun =~ /\[WARNING] +would park: Inspections failed to process notification \d+ of TrainingSchool .*To roll over is not in the syllabus/
assert dryRun =~ /\[WARNING] +at inspection\.Inspections\.policy\(Inspections\.java:\d+\)/
assert sync =~ /\[WARNING] \[1\/1] Inspections +OK  ${9 - parked.size()} events from TrainingSchool, ${parked.size()} parked/
assert sync.contains('Table parked_events says why, where application_name is Inspections.')
assert again =~ /\[INFO] \[1\/1] Inspections +OK  0 events from TrainingSchool/
assert again =~ /\[WARNING] +${parked.size()} events? of TrainingSchool are parked in all\./
assert run.log.contains('BUILD SUCCESS')

assert parked[0][0] == 'Dog.TrickAdded'
assert parked[0][1] == 1
assert parked[0][2].contains('To roll over is not in the syllabus')
assert parked.drop(1).every { it[1] == 0 }
return true
