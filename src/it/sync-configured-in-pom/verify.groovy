import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def (byCommandLine, byPom) = Steps.of(basedir).collect { it.output }

assert byPom.contains('Taken from the POM') && !byPom.contains('Taken from the command line')
assert byPom =~ /\[1\/1] TrickBoard +OK \(dry-run\)  6 events/
assert byCommandLine.contains('Taken from the command line') && !byCommandLine.contains('Taken from the POM')
assert byCommandLine =~ /\[1\/1] Diplomas +OK  9 events/
assert ItDatabase.rows(ItDatabase.defaultOf(basedir), 'SELECT application_name FROM notification_tracking') == ['Diplomas']
return true
