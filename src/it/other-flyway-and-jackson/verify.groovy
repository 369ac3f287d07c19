import dev.eventsourcing.maven.it.ItDatabase

def log = new File(basedir, 'build.log').text
def url = 'jdbc:h2:file:' + new File(basedir, 'target/house').absolutePath

assert log.contains('applied V1 create event tables')
assert log.contains("The program's own Flyway applied 2")
assert log.contains("The program's own Jackson reads [1,2]")
assert log.contains('Nothing to migrate: the tables are at version 3.')
assert log =~ /\[1\/1] GuestBook +OK  1 event from Door/
assert ItDatabase.rows(url, 'SELECT name, visits FROM visitors') == [['Ada', 1]]
assert ItDatabase.rows(url, 'SELECT "version" FROM "flyway_schema_history" WHERE "type" = \'SQL\' ORDER BY 1') == ['1', '2']
return true
