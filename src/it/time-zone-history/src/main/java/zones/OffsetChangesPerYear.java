package zones;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import java.time.ZoneOffset;

/** Counts, for each year, how often a zone changed its offset. */
public final class OffsetChangesPerYear extends Follower {
    private final OffsetChangesMapper changes;

    public OffsetChangesPerYear(MyBatisRecorders recorders) {
        super("OffsetChangesPerYear", recorders);
        changes = recorders.mapper(OffsetChangesMapper.class);
    }

    void createTable() {
        changes.createTable();
    }

    @Override
    protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
        if (event.payload() instanceof Zone.OffsetChanged changed) {
            changes.count(changed.at().atOffset(ZoneOffset.UTC).getYear());
        }
    }
}
