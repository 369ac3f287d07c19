import dev.eventsourcing.maven.it.ItDatabase

def log = new File(basedir, 'build.log').text

assert log.contains('Unknown followers: Emails, Faxes. Known followers: Diplomas, TrickBoard.')
assert ItDatabase.counts(ItDatabase.defaultOf(basedir), 'notification_tracking', 'trick_counts') == [0, 0]
return true
