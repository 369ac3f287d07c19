import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps
import java.time.ZoneId
import java.time.ZoneOffset

def url = context.get('url')
def (migrated, recorded, sync) = Steps.of(basedir)[0].goals

def transitions = ZoneId.availableZoneIds.collectMany { ZoneId.of(it).rules.transitions }
def perYear = transitions.countBy { it.instant.atOffset(ZoneOffset.UTC).year }
def paris = ZoneId.of('Europe/Paris').rules.transitions.last().offsetAfter

assert transitions.size() > 20_000
assert recorded.contains("Recorded ${transitions.size()} events of ${ZoneId.availableZoneIds.size()} zones")
assert recorded.contains("Europe/Paris, read back: ${paris}")
def processed = String.format(Locale.ROOT, '%,d', transitions.size())
assert sync =~ /\[1\/1] OffsetChangesPerYear +OK  $processed events from TimeZones/
assert ItDatabase.counts(url, 'stored_events') == [transitions.size()]
assert ItDatabase.rows(url, 'SELECT year, changes FROM offset_changes').collectEntries() == perYear
return true
