package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.PersistenceException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writers wait for nobody; readers are given ids up to where nothing can come in any more.
 *
 * <p>Why nothing is missed: an INSERT takes PostgreSQL's lock ROW EXCLUSIVE on its table before it evaluates the default that
 * takes the id, and keeps it until its transaction has ended, which is after its commit is there for all to see. So, in this
 * order, each a statement with a snapshot of its own: the highest id H is read; the server is asked who holds that lock; and
 * what is read once they have all ended holds all that will ever be at or below H, since who took an id below H did so before
 * H was committed. No clock is part of this. It is how CREATE INDEX CONCURRENTLY waits for writers, too.
 */
final class ReadersBarrier implements EventOrder {
    /** How many databases to remember what is settled of: a data source may lead to many. */
    private static final int DATABASES = 1_000;

    /** How often a page is read of a table that is rewritten meanwhile. */
    private static final int TRIES = 5;

    private final Map<String, Settling> settlings = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Settling> eldest) {
            return size() > DATABASES;
        }
    };
    private volatile Settling latest = new Settling("");
    private volatile boolean statementsStandAlone;

    @Override
    public boolean appendsAtOnce() {
        return true;
    }

    @Override
    public List<Long> append(Unit unit, Appending appending) {
        return appending.events().size() == 1
                ? appending.insertOne(unit, "insertStoredEvent", Map.of())
                : appending.insert(unit, "insertStoredEvents", Map.of());
    }

    @Override
    public boolean movesPositions() {
        return true;
    }

    @Override
    public List<Long> appendAndMove(Unit unit, Appending appending, Map<String, ?> move) {
        return appending.events().size() == 1
                ? appending.insertOne(unit, "moveAndInsertStoredEvent", move)
                : appending.insert(unit, "moveAndInsertStoredEvents", move);
    }

    @Override
    public NotificationPage select(Unit unit, String application, NotificationSelection selection) {
        Settling known = latest;
        if (unit.isAlone() && selection.after() < known.settled()) {
            NotificationSelection sure = upTo(known.settled(), selection);
            LogPage page = LogPage.select(unit, application, sure, known.generation());
            int read = page.notifications().size();
            // An empty one may be that of another database than the latest.
            if (read >= selection.limit() || (read > 0 && selection.upTo() <= known.settled())) {
                return page.page(sure);
            }
        }
        for (int tries = 0; tries < TRIES; tries++) {
            LogHead head = head(unit, application);
            long bound = head.id() <= selection.after() ? selection.after() : bound(unit, application, head);
            NotificationSelection sure = upTo(Math.max(bound, selection.after()), selection);
            if (sure.upTo() <= selection.after() && !selection.marked()) {
                return new NotificationPage(List.of(), selection.after());
            }
            LogPage page = LogPage.select(unit, application, sure, head.generation());
            // An empty one may be that of a table that was rewritten meanwhile.
            if (!page.notifications().isEmpty()
                    || head(unit, application).generation().equals(head.generation())) {
                return page.page(sure);
            }
        }
        throw new PersistenceException(
                "Reading the log of " + application + " failed: the connection led to another table each time. Do the"
                        + " statements of one connection reach one database?",
                null);
    }

    private static NotificationSelection upTo(long bound, NotificationSelection selection) {
        return selection.upTo(Math.min(bound, selection.upTo()));
    }

    @Override
    public LogEnd end(Unit unit, String application) {
        LogHead head = head(unit, application);
        long bound = head.id() == 0 ? 0 : bound(unit, application, head);
        if (bound >= head.id()) {
            return new LogEnd(head.id(), head.id());
        }
        return new LogEnd(bound == 0 ? 0 : LogPage.highestId(unit, application, bound), head.id());
    }

    @Override
    public List<OpenAppend> openAppends(Unit unit) {
        return unit.list("selectOpenAppends", Map.of());
    }

    private long bound(Unit unit, String application, LogHead head) {
        Settling settling = settling(unit, application, head);
        return unit.isAlone()
                ? settling.advance(application, head.id(), () -> look(unit))
                : boundInTransaction(unit, head, settling);
    }

    /**
     * Up to where a transaction may read that is not ours, or has appended. It sees ids of its own that nobody else sees, so what
     * it learns is not told to others; and it does not wait for anybody.
     */
    private static long boundInTransaction(Unit unit, LogHead head, Settling settling) {
        if (head.id() <= settling.settled()) {
            return settling.settled();
        }
        Look look = lookOnce(unit);
        return look.others().isEmpty() ? head.id() : settling.settled();
    }

    /** What is known of what the connection leads to. */
    private Settling settling(Unit unit, String application, LogHead head) {
        Settling settling = settling(head.generation());
        long read = settling.head(application);
        // Read again, as another thread may have read a newer head meanwhile.
        if (head.id() < read && head(unit, application).id() < read) {
            // Ids were given back, as by a restored backup: nothing is known any more.
            synchronized (settlings) {
                settlings.remove(settling.generation(), settling);
            }
            settling = settling(head.generation());
        }
        latest = settling;
        return settling;
    }

    private Settling settling(String generation) {
        synchronized (settlings) {
            return settlings.computeIfAbsent(generation, Settling::new);
        }
    }

    private Look look(Unit unit) {
        Look look = lookOnce(unit);
        if (!statementsStandAlone) {
            if (lookOnce(unit).own().equals(look.own())) {
                throw new ConfigurationException(
                        "The log cannot be read with the ordering strategy readers-barrier: the data"
                                + " source's connections keep one transaction over several statements although they are set to"
                                + " autocommit. Give the recorders a data source without that, or choose counter-row.");
            }
            statementsStandAlone = true;
        }
        return look;
    }

    private static Look lookOnce(Unit unit) {
        Look look = unit.<Look>list("look", Map.of()).get(0);
        look.requireSound();
        return look;
    }

    private static LogHead head(Unit unit, String application) {
        return unit.<LogHead>list("selectLogHead", Map.of("application", application)).stream()
                .findAny()
                .orElse(LogHead.NONE);
    }
}
