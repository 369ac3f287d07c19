package dev.eventsourcing.application;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.domain.Versioned;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.TestDatabase;
import java.util.UUID;
import java.util.stream.IntStream;

/** A program with little memory, and with an aggregate and a log whose events have no room in it. */
final class LongHistory {
    static final int EVENTS = 20_000;

    private LongHistory() {}

    /**
     * Records and reads them.
     *
     * @param arguments the URL of a migrated database
     */
    public static void main(String[] arguments) {
        try (HikariDataSource pool = TestDatabase.pool(arguments[0])) {
            Museum museum = new Museum(MyBatisRecorders.over(pool));
            String text = "x".repeat(500);
            museum.save(NewEvents.first(museum.id, new Told(text)));
            for (int version = 1; version < EVENTS; version += 999) {
                int many = Math.min(999, EVENTS - version);
                museum.save(new Versioned<>(museum.id, version, new Heard(0))
                        .then(IntStream.range(0, many)
                                .mapToObj(i -> new Told(text))
                                .toList()));
            }
            Versioned<Heard> heard = museum.heard.get(museum.id);
            long logged = museum.log.select(VersionRange.all()).count();
            System.out.println(heard.version() + " " + heard.state().events() + " " + logged + " " + museum.followed());
        }
    }

    record Told(String text) {}

    record Heard(int events) {}

    static final class Museum extends Application {
        final UUID id = UUID.randomUUID();
        final Repository<Versioned<Heard>> heard = repository(
                        Heard.class, Told.class, (before, event) -> new Heard(before == null ? 1 : before.events() + 1))
                .cached(10);
        final EventSourcedLog<Told> log = log(id, Told.class);

        Museum(RecorderFactory recorders) {
            super("Museum", recorders);
        }

        /** How many events a reader of the notification log is given, page by page. */
        private long followed() {
            long followed = 0;
            NotificationPage page = notificationLog().selectPage(NotificationSelection.after(0));
            while (!page.notifications().isEmpty()) {
                followed += page.notifications().size();
                long last = page.notifications()
                        .get(page.notifications().size() - 1)
                        .id();
                page = notificationLog().selectPage(NotificationSelection.after(last));
                notificationLog().maxNotificationId();
            }
            return followed;
        }
    }
}
