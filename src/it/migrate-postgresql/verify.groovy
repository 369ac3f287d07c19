import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def url = context.get('url')
def log = new File(basedir, 'build.log').text.replaceAll('\u001b\\[[0-9;]*m', '')
def (asked, worked) = Steps.of(basedir)
def (dryRun) = asked.goals
def (first, second, nothingPending, inSchema, counted) = worked.goals

assert dryRun.contains('Dry run: nothing was changed. This would be run:')
assert dryRun.contains('CREATE TABLE "eventsourcing_schema_history"') && dryRun.contains('CREATE TABLE stored_events')
// The dry run before it has changed nothing.
assert asked.log.contains('the tables are at version 0, and 6 migrations are pending: V1 create event tables, V2')
assert asked.log.contains('Run: mvn eventsourcing:migrate')
assert !(asked.log =~ /(?m)^\s+at [a-z]/)

assert first.contains('Database PostgreSQL') && first.contains(', schema public')
assert first.contains('applied V1 create event tables') && first.contains('applied V3')
assert second.contains('Nothing to migrate: the tables are at version 6.')
assert nothingPending.contains('Nothing is pending: the tables are at version 6.')
assert inSchema.contains(', schema School') && inSchema.contains('applied V1')
assert counted.contains(', schema Counted') && counted.contains('applied V3')

// The program's tables are there when an administrator has run what the script has.
ItDatabase.execute(url, new File(basedir, 'sql/tables.sql').text)
assert ItDatabase.counts(url, '"ByHand".stored_events', '"ByHand".eventsourcing_schema_history') == [0, 7]
assert ItDatabase.rows(url, "SELECT table_schema FROM information_schema.tables WHERE table_name = 'stored_events' ORDER BY 1") == ['ByHand', 'Counted', 'School', 'public']
assert ItDatabase.rows(url, 'SELECT strategy FROM event_ordering') == ['readers-barrier']
assert ItDatabase.rows(url, 'SELECT strategy FROM "Counted".event_ordering') == ['counter-row']

// What the quiet run printed can be piped: it begins where the run before it ends, and has the SQL and nothing of the migration.
def printed = log.substring(log.lastIndexOf('BUILD SUCCESS')).readLines()
assert printed.contains('BEGIN;') && printed.contains('COMMIT;') && printed.contains('CREATE TABLE parked_events (')
assert !printed.contains('CREATE TABLE stored_events (')
assert !printed.any { it.contains('Database PostgreSQL') || it.contains('Nothing to migrate') }
return true
