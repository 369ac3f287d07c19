package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * An order that looks sound and is not; the hostile test has to catch it. Each row keeps its transaction and the
 * {@code pg_snapshot_xmax} that its statement saw. A reader stops at a gap in the ids, of all applications, until
 * {@code pg_snapshot_xmin} has passed both of what the row behind it keeps; who took the missing id, so it is thought, has
 * then ended.
 *
 * <p>Not so: xmax follows the latest transaction that has ended, not the latest that has begun. Somebody who began later than the
 * row's transaction, and took the missing id before the row took its own, is at or above it, and open still.
 */
final class SnapshotXmaxOrder implements EventOrder {
    /** What the table has to be given before the first event. */
    static final String COLUMNS = "ALTER TABLE stored_events"
            + " ADD COLUMN appended_by xid8 NOT NULL DEFAULT pg_current_xact_id(),"
            + " ADD COLUMN appended_below xid8 NOT NULL DEFAULT pg_snapshot_xmax(pg_current_snapshot())";

    private static final String BOUND = """
            SELECT COALESCE(min(before) FILTER (WHERE id > before + 1
                              AND NOT (xmin_now > appended_by AND xmin_now > appended_below)),
                            max(id), 0)
            FROM (SELECT id, appended_by, appended_below, pg_snapshot_xmin(pg_current_snapshot()) AS xmin_now,
                         lag(id, 1, ?::bigint) OVER (ORDER BY id) AS before
                  FROM stored_events
                  WHERE id > ?) e
            """;

    private final DataSource dataSource;
    private final AtomicLong bound = new AtomicLong();

    /** Reads bounds past the units, whose statements are the library's. */
    SnapshotXmaxOrder(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public boolean appendsAtOnce() {
        throw new UnsupportedOperationException("For readers only");
    }

    @Override
    public List<Long> append(Unit unit, Appending appending) {
        throw new UnsupportedOperationException("For readers only");
    }

    @Override
    public NotificationPage select(Unit unit, String application, NotificationSelection selection) {
        NotificationSelection sure = selection.upTo(Math.min(selection.upTo(), bound()));
        return LogPage.select(unit, application, sure, "").page(sure);
    }

    @Override
    public LogEnd end(Unit unit, String application) {
        long end = LogPage.highestId(unit, application, bound());
        return new LogEnd(end, end);
    }

    @Override
    public List<OpenAppend> openAppends(Unit unit) {
        return List.of();
    }

    /** Below the first gap that is not known to be one for ever. */
    private long bound() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(BOUND)) {
            long known = bound.get();
            statement.setLong(1, known);
            statement.setLong(2, known);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return bound.accumulateAndGet(row.getLong(1), Math::max);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(BOUND, e);
        }
    }
}
