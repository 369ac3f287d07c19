import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.ItPostgres

url = ItPostgres.newDatabase()
role = url.replaceFirst('[?].*', '').replaceFirst('.*/', '') + '_clerk'
ItDatabase.execute(url, "CREATE ROLE ${role}".toString())
new File(basedir, 'test.properties').text = "eventsourcing.url=${url}\n"
new File(basedir, 'lowly.properties').text = "eventsourcing.url=${url}&options=-c%20role=${role}\n"
def file = new File(basedir, 'target/events').absolutePath.replace('\\', '/')
new File(basedir, 'h2.properties').text = "eventsourcing.url=jdbc:h2:file:${file}\n"
new File(basedir, 'nothing.properties').text = ''
context.put('url', url)
context.put('role', role)
return true
