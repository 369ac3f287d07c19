package zones;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.persistence.RecorderFactory;
import java.time.ZoneId;
import java.time.ZoneOffset;

public final class TimeZones extends Application {
    private final Repository<Zone> zones = repository(Zone.class, Zone::new);

    public TimeZones(RecorderFactory recorders) {
        super("TimeZones", recorders);
    }

    /** Records the history of a zone and returns how many events it has. */
    int record(ZoneId zone) {
        return save(Zone.withHistoryOf(zone)).size();
    }

    /** The offset that a zone has after all that was recorded of it. */
    ZoneOffset lastOffset(ZoneId zone) {
        return zones.get(Zone.idOf(zone)).offset();
    }
}
