package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.FollowerSync;
import dev.eventsourcing.system.Pipe;
import dev.eventsourcing.system.ProcessingEvent;
import dev.eventsourcing.system.SingleThreadedRunner;
import java.util.Map;

/** A follower of the hostile test, under one of several names. It writes down what it is given, in the order of that. */
final class HostileReader extends Follower {
    private final HostileMapper seen;

    HostileReader(String name, MyBatisRecorders recorders) {
        super(name, recorders);
        this.seen = recorders.mapper(HostileMapper.class);
    }

    /** A system of the leader and this follower. */
    static FollowerSync system(String name, MyBatisRecorders recorders) {
        return new FollowerSync(new SingleThreadedRunner(
                EventDrivenSystem.of(Pipe.pipe(HostileNotes.class, HostileReader.class)),
                Map.of(
                        HostileNotes.class,
                        new HostileNotes(recorders),
                        HostileReader.class,
                        new HostileReader(name, recorders))::get));
    }

    @Override
    protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
        seen.see(name(), processing.notificationId(), event.originatorId().toString(), event.originatorVersion());
    }
}
