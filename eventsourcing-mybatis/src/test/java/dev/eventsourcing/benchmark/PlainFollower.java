package dev.eventsourcing.benchmark;

import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.StoredEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * An exactly-once follower in plain JDBC. Pages of the log are read on one connection, outside of any transaction; on the
 * other, a transaction for each event, or for so many, has the INSERT of what came of them and the move of the position.
 */
final class PlainFollower implements Program.Turn {
    private static final int PAGE = 500;

    private final String leader;
    private final String follower;
    private final int batchSize;
    private final PlainJson json = new PlainJson();
    private final Connection reading;
    private final Connection writing;
    private final PreparedStatement selectPosition;
    private final PreparedStatement selectPage;
    private final PreparedStatement insert;
    private final PreparedStatement movePosition;

    PlainFollower(DataSource pool, String leader, String follower, int batchSize) throws SQLException {
        this.leader = leader;
        this.follower = follower;
        this.batchSize = batchSize;
        reading = pool.getConnection();
        reading.setAutoCommit(true);
        writing = pool.getConnection();
        selectPosition = reading.prepareStatement("SELECT notification_id FROM notification_tracking"
                + " WHERE application_name = ? AND leader_name = ?");
        selectPage = reading.prepareStatement("SELECT id, originator_id, originator_version, topic, state"
                + " FROM stored_events WHERE application_name = ? AND id > ? ORDER BY id LIMIT " + PAGE);
        insert = writing.prepareStatement(Plain.INSERT);
        movePosition = writing.prepareStatement("UPDATE notification_tracking SET notification_id = ?"
                + " WHERE application_name = ? AND leader_name = ? AND notification_id = ? AND epoch = 0");
    }

    @Override
    public long run() throws SQLException {
        long events = 0;
        long position = position();
        List<Notification> page;
        do {
            page = page(position);
            for (int from = 0; from < page.size(); from += batchSize) {
                List<Notification> batch = page.subList(from, Math.min(from + batchSize, page.size()));
                process(batch, position);
                position = batch.get(batch.size() - 1).id();
            }
            events += page.size();
        } while (page.size() == PAGE);
        return events;
    }

    private long position() throws SQLException {
        selectPosition.setString(1, follower);
        selectPosition.setString(2, leader);
        try (ResultSet row = selectPosition.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private List<Notification> page(long after) throws SQLException {
        selectPage.setString(1, leader);
        selectPage.setLong(2, after);
        List<Notification> page = new ArrayList<>(PAGE);
        try (ResultSet rows = selectPage.executeQuery()) {
            while (rows.next()) {
                page.add(new Notification(rows.getLong(1), Plain.event(rows, 2)));
            }
        }
        return page;
    }

    private void process(List<Notification> batch, long position) throws SQLException {
        for (Notification notification : batch) {
            Plain.bind(insert, follower, copy(notification));
            if (batchSize > 1) {
                insert.addBatch();
            }
        }
        if (batchSize > 1) {
            insert.executeBatch();
        } else {
            insert.executeUpdate();
        }
        movePosition.setLong(1, batch.get(batch.size() - 1).id());
        movePosition.setString(2, follower);
        movePosition.setString(3, leader);
        movePosition.setLong(4, position);
        if (movePosition.executeUpdate() != 1) {
            throw new IllegalStateException("Another process moved the position of " + follower);
        }
        writing.commit();
    }

    /** What the policy of {@link Copier} makes of an event, metadata included. */
    private StoredEvent copy(Notification notification) {
        StoredEvent event = notification.event();
        Note.Written written = json.decode(event.state()).data();
        String id = Long.toString(notification.id());
        Map<String, String> meta =
                Map.of("causationLeader", leader, "causationNotificationId", id, "correlationId", leader + "/" + id);
        byte[] state =
                json.encode(Instant.now().truncatedTo(ChronoUnit.MICROS), meta, new Note.Written(written.text()));
        return new StoredEvent(event.originatorId(), 1, event.topic(), state);
    }

    @Override
    public void close() throws SQLException {
        reading.close();
        writing.close();
    }
}
