import dev.eventsourcing.maven.it.ItDatabase

def log = new File(basedir, 'build.log').text
def at = { name -> 'jdbc:h2:file:' + new File(basedir, "target/${name}").absolutePath }

assert ItDatabase.rows(at('by-server'), 'headmaster', 'canary-in-settings', 'SELECT count(*) FROM stored_events') == [0]
assert ItDatabase.rows(at('by-environment'), 'headmaster', 'canary-in-environment', 'SELECT count(*) FROM "School".stored_events') == [0]
// Kept out of the assertion, which would print all of a verbose log.
def leaked = log.contains('canary')
assert !leaked
assert log.contains('There is no server nobody in settings.xml. Add it, with username and password, or correct eventsourcing.serverId.')
assert log.contains('-Deventsourcing.password: a password there is seen by everybody on the machine')
assert !new File(basedir, 'target/never.mv.db').exists()
return true
