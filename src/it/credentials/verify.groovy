import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def steps = Steps.of(basedir)
def log = { steps[it - 1].log }
def at = { name -> 'jdbc:h2:file:' + new File(basedir, "target/${name}").absolutePath }

assert log(1).count('Credentials: server encrypted of settings.xml') == 2
assert log(2).count('Credentials: server encrypted of settings.xml') == 2
// The driver has logged all that it logs.
assert log(2).contains('FE=> ')
assert log(3).contains('Wrong user name or password')
assert log(4).count('Credentials: environment variables EVENTSOURCING_USER and EVENTSOURCING_PASSWORD') == 2

// The server's password is that of the database, and so is that of the environment.
assert ItDatabase.rows(at('school'), 'headmaster', 'canary-encrypted', 'SELECT count(*) FROM stored_events') == [0]
assert ItDatabase.rows(at('by-environment'), 'headmaster', 'canary-in-environment', 'SELECT count(*) FROM "School".stored_events') == [0]

def leaks = []
new File(basedir, 'build.log').eachLine('UTF-8') { line, number -> if (line.contains('canary')) { leaks << number } }
new File(basedir, 'target').eachFileRecurse(groovy.io.FileType.FILES) { file ->
    if (new String(file.bytes, 'ISO-8859-1').contains('canary')) { leaks << file.name }
}
// Their places alone: the assertion would print the lines.
assert leaks == []
return true
