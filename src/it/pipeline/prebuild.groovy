import dev.eventsourcing.maven.it.ItPostgres

url = ItPostgres.newDatabase()
new File(basedir, 'test.properties').text = "eventsourcing.url=${url}\n"
context.put('url', url)
return true
