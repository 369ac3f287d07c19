import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def steps = Steps.of(basedir).collect { it.output }
assert steps.size() == 2
[steps, ['house', 'house-12'], ['11.20.3', '12.11.0']].transpose().each { log, file, version ->
    def url = 'jdbc:h2:file:' + new File(basedir, 'target/' + file).absolutePath

    assert log.contains('applied V1 create event tables')
    assert log.contains("The program's own flyway-core-${version}.jar applied 2")
    assert log.contains("The program's own Jackson reads [1,2]")
    assert log =~ /Nothing to migrate: the tables are at version \d+\./
    assert log =~ /\[1\/1] GuestBook +OK  1 event from Door/
    assert ItDatabase.rows(url, 'SELECT name, visits FROM visitors') == [['Ada', 1]]
    assert ItDatabase.rows(url, 'SELECT "version" FROM "flyway_schema_history" WHERE "type" = \'SQL\' ORDER BY 1') == ['1', '2']
}
return true
