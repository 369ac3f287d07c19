package visitors;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;

public final class GuestBook extends Follower {
    private final VisitorMapper visitors;

    public GuestBook(MyBatisRecorders recorders) {
        super("GuestBook", recorders);
        visitors = recorders.mapper(VisitorMapper.class);
    }

    @Override
    protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
        if (event.payload() instanceof Visitor.Came came) {
            visitors.insert(came.name());
        }
    }
}
