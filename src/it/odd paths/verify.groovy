import dev.eventsourcing.maven.it.ItDatabase

def log = new File(basedir, 'build.log').getText('UTF-8')

assert log =~ /\[2\/2] TrickBoard +OK  6 events/
assert log.contains('Grüß Gott, "Fido" \\o/')
assert ItDatabase.counts(ItDatabase.defaultOf(basedir), 'trick_counts') == [3]
return true
