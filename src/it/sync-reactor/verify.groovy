import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def (all, some, needed) = Steps.of(basedir)

assert all.output.count('Skipped: this module does not depend on dev.eventsourcing:eventsourcing-mybatis.') == 4
assert all.output.count('Skipped: this module has no runner.') == 2
assert all.output.contains('Hello from another module')
assert all.output =~ /\[2\/2] TrickBoard +OK  0 events/
assert some.log.contains('No module of this build has a runner.')
assert needed.log.contains('Skipped: this module does not depend on dev.eventsourcing:eventsourcing-mybatis.')
assert needed.log.contains('Hello from another module')
assert needed.log =~ /\[2\/2] TrickBoard +OK  0 events/
assert ItDatabase.counts(ItDatabase.defaultOf(new File(basedir, 'service')), 'stored_events') == [0]
assert !new File(basedir, 'domain/target/eventsourcing.mv.db').exists()
assert new File(basedir, 'service/target/followers.xml').text.contains('tests="2"')
return true
