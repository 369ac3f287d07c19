package zones;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.NameBasedIds;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.UUID;

/** A time zone of the JDK. */
public final class Zone extends Aggregate<Zone.Event> {
    public sealed interface Event {}

    public record OffsetChanged(Instant at, ZoneOffset before, ZoneOffset after) implements Event {}

    private ZoneOffset offset = ZoneOffset.UTC;

    Zone(UUID id) {
        super(id);
    }

    static UUID idOf(ZoneId zone) {
        return NameBasedIds.nameBasedId(NameBasedIds.URL, "/zones/" + zone.getId());
    }

    /** A zone with all that its rules have on record. */
    static Zone withHistoryOf(ZoneId zone) {
        Zone history = new Zone(idOf(zone));
        for (ZoneOffsetTransition transition : zone.getRules().getTransitions()) {
            history.trigger(
                    new OffsetChanged(
                            transition.getInstant(), transition.getOffsetBefore(), transition.getOffsetAfter()),
                    transition.getInstant());
        }
        return history;
    }

    ZoneOffset offset() {
        return offset;
    }

    @Override
    protected void apply(Event event) {
        if (event instanceof OffsetChanged changed) {
            offset = changed.after();
        } else {
            throw unknown(event);
        }
    }
}
