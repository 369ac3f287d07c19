import dev.eventsourcing.maven.it.ItDatabase

assert new File(basedir, 'build.log').text =~ /\[2\/2] TrickBoard +OK  6 events/
assert ItDatabase.counts(ItDatabase.defaultOf(basedir), 'trick_counts') == [3]
return true
