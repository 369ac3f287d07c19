import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def (migrated, worked, synced) = Steps.of(basedir)[0].goals
def url = 'jdbc:h2:file:' + new File(basedir, 'target/visits').absolutePath

assert worked.contains('Fido learns [sit, fetch, roll over]')
assert synced =~ /\[1\/1] Visits +OK  3 events/
assert ItDatabase.rows(url, 'SELECT DISTINCT tenant_id FROM visits') == [42]
assert ItDatabase.counts(url, 'visits', 'stored_events') == [3, 4]

// The log of the program arrives with its levels.
assert synced =~ /\[WARNING] \d\d:\S+ \[main] WARN  visits.Visits -- A page has 2 of 3 visits/
assert !synced.contains('DEBUG')
assert !synced.contains('SLF4J')
return true
