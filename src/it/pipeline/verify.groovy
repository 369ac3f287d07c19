import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps
import groovy.json.JsonSlurper
import groovy.xml.XmlSlurper

// The README cannot say anything else than what runs here. The folder is a copy: target/it/pipeline of the plugin.
def root = basedir.parentFile.parentFile.parentFile.parentFile
def section = new File(root, 'README.md').text.split('(?m)^### In a pipeline$')[1].split('(?m)^##')[0]
def ours = Steps.of(basedir)*.command.findAll { it.contains('eventsourcing:') }
assert section.readLines().findAll { it.startsWith('$ ') }*.substring(2) == ours
assert section.readLines()*.trim().findAll { it.startsWith('- run: mvn ') }*.substring('- run: '.length()) == ours

def (migrate, pending, day, dryRun) = Steps.of(basedir)*.output
assert migrate.contains('Migrated: the tables are now at version')
assert dryRun =~ /\[1\/2] Diplomas +OK \(dry-run\)  9 events from TrainingSchool/

def report = new JsonSlurper().parse(new File(basedir, 'target/eventsourcing.json'))
assert [report.schema, report.mode, report.verdict, report.complete] == ['eventsourcing-sync-followers/1', 'dry-run', 'fine', true]
assert report.followers.collectEntries { [it.name, it.events] } == [Diplomas: 9, TrickBoard: 6]
assert report.followers[0].appended.keySet() == ['Diploma.Awarded', 'Diploma.TrickCounted'] as Set
def suite = new XmlSlurper().parse(new File(basedir, 'target/eventsourcing.xml'))
assert suite.testcase*.@name*.text() == ['Diplomas', 'TrickBoard']
assert [suite.@tests.text(), suite.@failures.text(), suite.@errors.text()] == ['2', '0', '0']

// Nothing was written.
assert ItDatabase.counts(context.get('url'), 'notification_tracking', 'trick_counts') == [0, 0]
return true
