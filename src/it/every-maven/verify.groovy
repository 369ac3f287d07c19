import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def steps = Steps.of(basedir)
assert steps.size() == 6

def databases = new File(basedir, 'target').listFiles().collect { it.name }.findAll { it.endsWith('.mv.db') }.sort()
assert databases.size() == 3

steps.collate(2).eachWithIndex { pair, i ->
    def (worked, lookedOnly) = pair.collect { it.output }
    assert worked.contains('eventsourcing:sync-followers')
    assert worked.contains('Migrated: the tables are now at version')
    assert worked =~ /\[1\/1] TrickBoard +OK  6 events/
    assert lookedOnly =~ /Diplomas +OK \(dry-run\)  9 events/
    assert [worked, lookedOnly].every { it.contains('On a JDK of the toolchain') }
    pair.each { assert !it.log.contains('On a JDK of the null') }

    def url = 'jdbc:h2:file:' + new File(basedir, 'target/' + databases[i] - '.mv.db').absolutePath
    assert ItDatabase.rows(url, 'SELECT application_name FROM notification_tracking') == ['TrickBoard']
}
return true
