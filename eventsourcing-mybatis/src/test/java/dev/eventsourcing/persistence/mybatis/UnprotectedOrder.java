package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import java.util.List;

/** No order at all: writers wait for nobody, and readers are given whatever they see. The hostile test has to catch it. */
final class UnprotectedOrder implements EventOrder {
    private final EventOrder appending;

    private UnprotectedOrder(EventOrder appending) {
        this.appending = appending;
    }

    /** An {@link EventOrder.Maker}; events are appended as the strategy does. */
    static EventOrder make(OrderingStrategy strategy, Database database) {
        return new UnprotectedOrder(EventOrder.of(strategy, database));
    }

    @Override
    public boolean appendsAtOnce() {
        return appending.appendsAtOnce();
    }

    @Override
    public List<Long> append(Unit unit, Appending events) {
        return appending.append(unit, events);
    }

    @Override
    public NotificationPage select(Unit unit, String application, NotificationSelection selection) {
        return LogPage.select(unit, application, selection, "").page(selection);
    }

    @Override
    public LogEnd end(Unit unit, String application) {
        long end = LogPage.highestId(unit, application, Long.MAX_VALUE);
        return new LogEnd(end, end);
    }

    @Override
    public List<OpenAppend> openAppends(Unit unit) {
        return List.of();
    }
}
