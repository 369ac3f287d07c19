import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def url = context.get('url')
def log = new File(basedir, 'build.log').text
def (first, second, inSchema, counted) = Steps.of(basedir).collect { it.output }

assert first.contains('Database PostgreSQL') && first.contains(', schema public')
assert first.contains('applied V1 create event tables')
assert second.contains('Nothing to migrate: the tables are at version 3.')
assert inSchema.contains(', schema School') && inSchema.contains('applied V1')
assert counted.contains(', schema Counted') && counted.contains('applied V3')
// Four runs said something; the quiet one did not.
assert log.count('Database PostgreSQL') == 4
assert ItDatabase.rows(url, "SELECT table_schema FROM information_schema.tables WHERE table_name = 'stored_events' ORDER BY 1") == ['Counted', 'School', 'public']
assert ItDatabase.rows(url, 'SELECT strategy FROM event_ordering') == ['readers-barrier']
assert ItDatabase.rows(url, 'SELECT strategy FROM "Counted".event_ordering') == ['counter-row']
return true
