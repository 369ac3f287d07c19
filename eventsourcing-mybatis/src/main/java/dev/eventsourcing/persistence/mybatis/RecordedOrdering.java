package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The ordering strategy that a schema has recorded, and its change. On PostgreSQL the table is changed with it, so that writers
 * who still know the former one fail, and cannot mix with those who know the new one: without a counter, ids are
 * GENERATED ALWAYS; with one, the column makes none; and with the table lock a trigger takes it for whoever does not.
 */
final class RecordedOrdering {
    private final Connection connection;
    private final Database database;
    private final Schema schema;

    /** Of the schema that a connection leads to. */
    RecordedOrdering(Connection connection, Schema schema) throws SQLException {
        this.connection = connection;
        this.database = Database.of(connection);
        this.schema = schema;
    }

    OrderingStrategy strategy() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT strategy FROM " + table("event_ordering"))) {
            if (!row.next()) {
                throw new PersistenceException("The table event_ordering is empty. Write back what was in it.", null);
            }
            return OrderingStrategy.named(row.getString(1));
        }
    }

    /**
     * Records another strategy and changes the table with it, in one transaction that waits for open appends to end.
     *
     * @param evenWithEvents whether it may be done where events are stored
     * @param waitMs how long to wait for them, in ms
     */
    void change(OrderingStrategy to, boolean evenWithEvents, long waitMs) throws SQLException {
        // Throws if the database does not have it.
        EventOrder.of(to, database);
        if (database == Database.H2) {
            return;
        }
        connection.setAutoCommit(false);
        try {
            // What appends have committed that were waited for has to be seen.
            run("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
            run("SET LOCAL lock_timeout = " + waitMs);
            run("LOCK TABLE " + table("stored_events") + ", " + table("event_ordering") + " IN ACCESS EXCLUSIVE MODE");
            // Another process may have changed it meanwhile.
            OrderingStrategy from = strategy();
            for (String statement : changes(from, to, evenWithEvents)) {
                run(statement);
            }
            commit();
        } catch (Throwable e) {
            LostConnection.rollBack(connection, e);
            throw e;
        }
        connection.setAutoCommit(true);
    }

    private void commit() throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw DatabaseErrors.translateCommit("Committing the change of how the log is ordered", e);
        }
    }

    /**
     * The statements that change the strategy; none if it is this one already.
     *
     * @throws ConfigurationException if there are events, and it may not be done then, or the database does not have the strategy
     */
    List<String> changes(OrderingStrategy from, OrderingStrategy to, boolean evenWithEvents) throws SQLException {
        EventOrder.of(to, database);
        if (from == to) {
            return List.of();
        }
        if (!evenWithEvents
                && number("SELECT count(*) FROM (SELECT FROM " + table("stored_events") + " LIMIT 1) e") > 0) {
            throw new ConfigurationException("The log of this schema is ordered with " + from.settingName()
                    + " and has events; " + to.settingName()
                    + " was asked for. To change it, stop all programs that"
                    + " use the schema, then call EventStoreSchema.changeOrdering. To leave it, do not name a"
                    + " strategy (eventsourcing.ordering).");
        }
        List<String> statements = new ArrayList<>();
        switch (from) {
            case READERS_BARRIER -> {}
            case COUNTER_ROW -> {
                long last = number("SELECT last_id FROM " + table("notification_counter"));
                statements.add("ALTER TABLE " + table("stored_events")
                        + " ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (CACHE 1 START WITH " + (last + 1) + ")");
            }
            case TABLE_LOCK -> {
                statements.add("DROP TRIGGER stored_events_table_lock ON " + table("stored_events"));
                statements.add("DROP FUNCTION " + table("lock_stored_events") + "()");
            }
        }
        statements.addAll(changesOfNew(schema, to));
        return statements;
    }

    /** The statements that change new tables on PostgreSQL, which are made for the reader's barrier, to another strategy. */
    static List<String> changesOfNew(Schema schema, OrderingStrategy to) {
        String prefix = schema.prefix();
        List<String> statements = new ArrayList<>();
        switch (to) {
            case READERS_BARRIER -> {}
            case COUNTER_ROW -> {
                statements.add("ALTER TABLE " + prefix + "stored_events ALTER COLUMN id DROP IDENTITY");
                statements.add("UPDATE " + prefix + "notification_counter SET last_id = GREATEST(last_id,"
                        + " (SELECT COALESCE(max(id), 0) FROM " + prefix + "stored_events))");
            }
            case TABLE_LOCK -> {
                // Ids are taken after it; for writers that have locked the table already, it does nothing.
                statements.add("""
                    CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $lock$
                    BEGIN
                      EXECUTE format('LOCK TABLE %%I.%%I IN EXCLUSIVE MODE', TG_TABLE_SCHEMA, TG_TABLE_NAME);
                      RETURN NULL;
                    END
                    $lock$
                    """.formatted(prefix + "lock_stored_events"));
                statements.add("CREATE TRIGGER stored_events_table_lock BEFORE INSERT ON " + prefix
                        + "stored_events FOR EACH STATEMENT EXECUTE FUNCTION " + prefix + "lock_stored_events()");
            }
        }
        statements.add("UPDATE " + prefix + "event_ordering SET strategy = '" + to.settingName() + "'");
        return statements;
    }

    private String table(String name) {
        return schema.prefix() + name;
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
