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
import java.util.UUID;

/**
 * The same work, done with plain JDBC: each thread keeps its connection and its prepared statements. It leaves out all that
 * the library promises beside: commits in the order of ids, the ids of what was recorded, errors that say what is wrong.
 */
final class Plain {
    static final String INSERT = "INSERT INTO stored_events"
            + " (application_name, originator_id, originator_version, topic, state) VALUES (?, ?, ?, ?, ?)";
    private static final byte[] STATE = new byte[200];

    private final BenchmarkDatabase database;

    Plain(BenchmarkDatabase database) {
        this.database = database;
    }

    /**
     * BEGIN, an INSERT, COMMIT. Several events are a JDBC batch, as is customary, with the driver's defaults: all executions
     * of the statement in one round trip. With reWriteBatchedInserts it would be one execution, but another statement for
     * each number of rows; few turn it on, and it is the user's to set, for the library's connections too.
     */
    Program append(String application, int events) {
        return () -> new Turn(database.pool().getConnection(), INSERT) {
            @Override
            public long run() throws SQLException {
                UUID id = Ours.newId();
                for (int version = 1; version <= events; version++) {
                    bind(statement, application, new StoredEvent(id, version, "Note.Written", STATE));
                    if (events > 1) {
                        statement.addBatch();
                    }
                }
                if (events > 1) {
                    statement.executeBatch();
                } else {
                    statement.executeUpdate();
                }
                connection.commit();
                return 1;
            }
        };
    }

    Program save(String application) {
        PlainJson json = new PlainJson();
        return () -> new Turn(database.pool().getConnection(), INSERT) {
            @Override
            public long run() throws SQLException {
                byte[] state = json.encode(
                        Instant.now().truncatedTo(ChronoUnit.MICROS),
                        Map.of(),
                        new Note.Written(BenchmarkDatabase.TEXT));
                bind(statement, application, new StoredEvent(Ours.newId(), 1, "Note.Written", state));
                statement.executeUpdate();
                connection.commit();
                return 1;
            }
        };
    }

    Program load(String application, int streams) {
        return () -> new StreamTurn() {
            @Override
            public long run() throws SQLException {
                select(application, Ours.anyStream(streams));
                return 1;
            }
        };
    }

    Program get(String application, int streams) {
        PlainJson json = new PlainJson();
        return () -> new StreamTurn() {
            private long characters;

            @Override
            public long run() throws SQLException {
                characters = 0;
                for (StoredEvent event : select(application, Ours.anyStream(streams))) {
                    characters += json.decode(event.state()).data().text().length();
                }
                return characters > 0 ? 1 : 0;
            }
        };
    }

    /** One SELECT over all, streamed through a cursor: less than any reader of pages can do, who keeps no transaction open. */
    Program catchUp(String application) {
        return () ->
                new Turn(
                        database.pool().getConnection(),
                        "SELECT id, originator_id, originator_version, topic, state FROM stored_events"
                                + " WHERE application_name = ? ORDER BY id") {
                    @Override
                    public long run() throws SQLException {
                        statement.setFetchSize(1_000);
                        statement.setString(1, application);
                        long events = 0;
                        List<Notification> fetched = new ArrayList<>(1_000);
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                if (events++ % 1_000 == 0) {
                                    fetched.clear();
                                }
                                fetched.add(new Notification(rows.getLong(1), event(rows, 2)));
                            }
                        }
                        connection.commit();
                        return events;
                    }
                };
    }

    Program follow(String leader, String follower, int batchSize) throws SQLException {
        database.execute(
                "INSERT INTO notification_tracking (application_name, leader_name, notification_id, epoch) VALUES ('"
                        + follower + "', '" + leader + "', 0, 0)");
        return () -> new PlainFollower(database.pool(), leader, follower, batchSize);
    }

    static void bind(PreparedStatement insert, String application, StoredEvent event) throws SQLException {
        insert.setString(1, application);
        insert.setObject(2, event.originatorId());
        insert.setLong(3, event.originatorVersion());
        insert.setString(4, event.topic());
        insert.setBytes(5, event.state());
    }

    static StoredEvent event(ResultSet rows, int first) throws SQLException {
        return new StoredEvent(
                rows.getObject(first, UUID.class),
                rows.getLong(first + 1),
                rows.getString(first + 2),
                rows.getBytes(first + 3));
    }

    /** A turn on one connection with one statement. */
    private abstract static class Turn implements Program.Turn {
        final Connection connection;
        final PreparedStatement statement;

        Turn(Connection connection, String sql) throws SQLException {
            this.connection = connection;
            this.statement = connection.prepareStatement(sql);
        }

        @Override
        public void close() throws SQLException {
            statement.close();
            connection.close();
        }
    }

    /** A turn that reads streams, each with one statement outside of any transaction: one round trip. */
    private abstract class StreamTurn extends Turn {
        StreamTurn() throws SQLException {
            super(
                    database.pool().getConnection(),
                    "SELECT originator_id, originator_version, topic, state FROM stored_events"
                            + " WHERE application_name = ? AND originator_id = ? ORDER BY originator_version");
            connection.setAutoCommit(true);
        }

        List<StoredEvent> select(String application, UUID stream) throws SQLException {
            statement.setString(1, application);
            statement.setObject(2, stream);
            List<StoredEvent> events = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    events.add(event(rows, 1));
                }
            }
            return events;
        }
    }
}
