import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def steps = Steps.of(basedir)
def databases = new File(basedir, 'target').list().findAll { it.endsWith('.mv.db') }
assert [steps, databases]*.size() == [4, 3]

steps.take(3).each { step ->
    assert step.output.contains('eventsourcing:sync-followers')
    assert step.output.contains('Migrated: the tables are now at version')
    // The dry run has changed nothing, so that as much is left for the run after it.
    assert step.output =~ /\[1\/1] TrickBoard +OK \(dry-run\)  6 events/
    assert step.output =~ /\[1\/1] TrickBoard +OK  6 events/
    assert step.output.count('On a JDK of the toolchain') == 2
    assert !step.log.contains('On a JDK of the null')

    def url = 'jdbc:h2:file:' + new File(basedir, (step.output =~ / at jdbc:h2:(\S+),/)[0][1]).absolutePath
    assert ItDatabase.rows(url, 'SELECT application_name FROM notification_tracking') == ['TrickBoard']
}
assert steps[3].output =~ /Diplomas +OK \(dry-run\)  9 events/
assert steps[3].output.contains('On a JDK of the toolchain') && !steps[3].log.contains('On a JDK of the null')
return true
