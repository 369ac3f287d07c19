import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def steps = Steps.of(basedir)
assert steps.size() == 6
def (migrate, day, dryRun, boardBefore, sync, boardAfter) = steps.collect { it.output }

assert migrate.contains('applied V1') && migrate.contains('Migrated: the tables are now at version 6.')
assert day.contains('Fido is registered and learns sit, fetch, roll over.')
assert dryRun =~ /\[1\/2] Diplomas +OK \(dry-run\)  9 events from TrainingSchool/
assert dryRun =~ /\[2\/2] TrickBoard +OK \(dry-run\)  6 events from TrainingSchool/
assert boardBefore.contains('(no rows)')
assert sync =~ /\[1\/2] Diplomas +OK  9 events from TrainingSchool/
assert sync =~ /\[2\/2] TrickBoard +OK  6 events from TrainingSchool/
assert boardAfter =~ /sit +\| +3/

def url = ItDatabase.defaultOf(basedir)
assert ItDatabase.rows(url, 'SELECT trick, dogs FROM trick_counts ORDER BY dogs DESC') == [['sit', 3], ['fetch', 2], ['roll over', 1]]
assert ItDatabase.rows(url, 'SELECT application_name, notification_id FROM notification_tracking ORDER BY 1').collect { it[0] } == ['Diplomas', 'TrickBoard']
assert ItDatabase.rows(url, "SELECT topic FROM stored_events WHERE application_name = 'Diplomas' AND topic LIKE '%Awarded'").size() == 1

// On a module path both jars have names that do not come of their files' names.
def moduleOf = { artifact ->
    def jars = []
    new File(localRepositoryPath, "dev/eventsourcing/$artifact").eachFileRecurse { if (it.name ==~ /${artifact}-[\d.]+(-SNAPSHOT)?\.jar/) jars << it }
    java.lang.module.ModuleFinder.of(jars[0].toPath()).findAll()*.descriptor()*.name()
}
assert moduleOf('eventsourcing-mybatis') == ['dev.eventsourcing']
assert moduleOf('eventsourcing-maven-plugin') == ['dev.eventsourcing.maven']

if (tellStory == 'true') {
    Steps.tell(steps, 'The training school: dogs learn tricks, and a table of its own tells how many know each.')
}
return true
