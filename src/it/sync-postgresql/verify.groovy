import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def url = context.get('url')
def log = new File(basedir, 'build.log').text
def (migrated, day, one, rest) = Steps.of(basedir)[0].goals

assert one.contains('1 follower selected for synchronization.')
assert one =~ /\[1\/1] TrickBoard +UNFINISHED  4 events from TrainingSchool, 2 left/
assert one.contains('2 events of TrainingSchool are left, as -Dmax-events were processed. The next run goes on there.')
assert rest =~ /\[1\/2] Diplomas +OK  9 events from TrainingSchool/
assert rest =~ /of TrainingSchool: 3 Dog\.Registered, 6 Dog\.TrickAdded/
assert rest =~ /appended 1 Diploma\.Awarded, \d Diploma\.TrickCounted/
assert rest =~ /\[2\/2] TrickBoard +OK  2 events from TrainingSchool/
assert !rest.contains('\r')
// The quiet run said nothing.
assert log.count('selected for synchronization') == 2

assert ItDatabase.rows(url, 'SELECT trick, dogs FROM trick_counts ORDER BY dogs DESC') == [['sit', 3], ['fetch', 2], ['roll over', 1]]
def last = ItDatabase.number(url, "SELECT max(id) FROM stored_events WHERE application_name = 'TrainingSchool'")
assert ItDatabase.rows(url, 'SELECT application_name, leader_name, notification_id FROM notification_tracking ORDER BY 1') ==
        [['Diplomas', 'TrainingSchool', last], ['TrickBoard', 'TrainingSchool', last]]
return true
