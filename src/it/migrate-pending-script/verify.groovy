import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def url = context.get('url')
def role = context.get('role')
def steps = Steps.of(basedir)
def (dryRun, pending, migrated, dryRunOnH2, pendingOnH2, lowly) = steps.collect { it.log }

assert dryRun.contains('Dry run: nothing was changed. This would be run:')
assert dryRun.contains('CREATE TABLE "eventsourcing_schema_history"') && dryRun.contains('CREATE TABLE stored_events')
// The dry run before it has changed nothing.
assert pending.contains('the tables are at version 0, and 3 migrations are pending: V1 create event tables, V2')
assert pending.contains('Run: mvn eventsourcing:migrate')
assert migrated.contains('applied V3') && migrated.contains('Nothing is pending: the tables are at version 3.')

[dryRunOnH2, pendingOnH2].each { assert it.contains('a file that is not there yet, schema PUBLIC') }
assert !new File(basedir, 'target/events.mv.db').exists()

assert lowly.contains("role ${role} may not create schema Hidden")
assert lowly.contains('GRANT CREATE ON DATABASE') && lowly.contains("TO \"${role}\"")
assert lowly.contains('mvn eventsourcing:script')
assert [pending, pendingOnH2, lowly].every { !(it =~ /(?m)^\s+at [a-z]/) }

// Without a database; the program's tables are there when an administrator has run it.
def script = new File(basedir, 'sql/tables.sql').text
ItDatabase.execute(url, script)
assert ItDatabase.counts(url, '"ByHand".stored_events', '"ByHand".eventsourcing_schema_history') == [0, 4]

// What the quiet run printed can be piped: it begins where the run before it ends.
def quiet = new File(basedir, 'build.log').text.replaceAll('\u001b\\[[0-9;]*m', '')
def printed = quiet.substring(quiet.lastIndexOf('BUILD SUCCESS')).readLines()
assert printed.contains('BEGIN;') && printed.contains('COMMIT;') && printed.contains('CREATE TABLE parked_events (')
assert !printed.contains('CREATE TABLE stored_events (')
return true
