import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def steps = Steps.of(basedir)
def log = { steps[it - 1].log }
def own = 'Credentials: the runner\'s own data source'

assert log(1).count('Credentials: server encrypted of settings.xml') == 2
assert log(2).count('Credentials: server encrypted of settings.xml') == 2
// The driver did say all it can.
assert log(2).contains('FE=> ')
assert log(3).contains('Wrong user name or password')
assert log(4).contains('Connection to localhost:1 refused')
assert log(5).contains('Credentials: environment variables EVENTSOURCING_USER and EVENTSOURCING_PASSWORD')
assert log(6).contains('The password of server undecipherable in settings.xml cannot be decrypted.')
assert log(7).contains('Server empty in settings.xml has neither username nor password.')
assert log(8).contains('-Deventsourcing.serverId=encrypted would be of no effect: the runner\'s recorders have user and password from the runner\'s own data source.')
assert log(9).count(own) == 2
assert log(10).contains('Connection to localhost:1 refused')
assert log(11).contains('No suitable driver found for jdbc:nosuch:')
assert log(12).contains('-Deventsourcing.url holds a password, which is seen by everybody on the machine')

// The server's password is that of the database.
assert ItDatabase.rows('jdbc:h2:file:' + new File(basedir, 'target/school').absolutePath, 'headmaster', 'canary-encrypted', 'SELECT count(*) FROM stored_events') == [0]

def leaks = []
new File(basedir, 'build.log').eachLine('UTF-8') { line, number -> if (line.contains('canary')) { leaks << number } }
new File(basedir, 'target').eachFileRecurse(groovy.io.FileType.FILES) { file ->
    // What the compiler made of the program's own words.
    if (!file.name.endsWith('.class') && new String(file.bytes, 'ISO-8859-1').contains('canary')) { leaks << file.name }
}
// Their places alone: the assertion would print the lines.
assert leaks == []
return true
