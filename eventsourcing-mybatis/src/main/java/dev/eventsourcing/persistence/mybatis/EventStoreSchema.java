package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.MigrationReport;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.MigrateResult;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the recorders, made and upgraded with Flyway. They live beside the user's tables and the user's own Flyway:
 * what was applied is noted in {@code eventsourcing_schema_history}, and no other table is looked at. Safe for use by
 * several threads and processes.
 */
public final class EventStoreSchema implements Migrations {
    private static final String HISTORY = "eventsourcing_schema_history";

    /** How often a migration is tried where another process makes the same tables at the same time. */
    private static final int TRIES = 20;

    /** How long to let the other process go on before the next try, in ms. */
    private static final long PAUSE_MS = 100;

    private static final String MIGRATING = "Migrating the tables";

    /** What the migrations make. */
    private static final Set<String> TABLES = Set.of(
            "stored_events",
            "snapshots",
            "notification_tracking",
            "notification_counter",
            "event_ordering",
            "follower_leases",
            "parked_events");

    private final DataSource dataSource;
    private final Tables tables;
    private final Schema schema;
    private final String credentials;

    private EventStoreSchema(DataSource dataSource, Tables tables, String credentials) {
        this.dataSource = dataSource;
        this.tables = tables;
        this.credentials = credentials;
        this.schema = tables.schema();
    }

    /** The tables in the schema that the data source's connections stand in. */
    public static EventStoreSchema over(DataSource dataSource) {
        return over(dataSource, Tables.OF_CONNECTION, "");
    }

    /** The same, and where the data source's user and password come from, in words; empty if only it knows. */
    static EventStoreSchema over(DataSource dataSource, Tables tables, String credentials) {
        return new EventStoreSchema(dataSource, tables, credentials);
    }

    /**
     * The tables in a named schema, which is created if it is missing. The name is taken as it is, letter case and all.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if it is no name
     */
    public EventStoreSchema inSchema(String name) {
        return new EventStoreSchema(dataSource, tables.in(Schema.named(name)), credentials);
    }

    /**
     * The tables with a log that is ordered with a strategy. {@link #migrate} makes them so while there are no events, and
     * refuses if there are and another strategy is recorded.
     */
    public EventStoreSchema ordering(OrderingStrategy strategy) {
        return new EventStoreSchema(dataSource, tables.ordered(strategy), credentials);
    }

    /**
     * Makes the tables, or brings them up to date, and says what it did.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if an ordering strategy was named, and events are stored with
     *     another one, or the database does not have it
     * @throws PersistenceException if the database refuses
     */
    @Override
    public MigrationReport migrate() {
        MigrationReport report = migrateTables();
        if (tables.expected() != null) {
            order(tables.expected(), false);
        }
        return report;
    }

    /**
     * Changes how the log is ordered, with the events that it has. Stop all programs that use the schema first: writers that
     * still run fail from then on, and readers that still run could miss events.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if the database does not have the strategy
     * @throws PersistenceException if the tables are not migrated, or an append stays open for more than 10 s
     */
    public void changeOrdering(OrderingStrategy to) {
        order(to, true);
    }

    private void order(OrderingStrategy to, boolean evenWithEvents) {
        try (Connection connection = dataSource.getConnection()) {
            // Asking must not begin the transaction that changes it.
            connection.setAutoCommit(true);
            RecordedOrdering recorded = new RecordedOrdering(connection, schema);
            if (recorded.strategy() != to) {
                recorded.change(to, evenWithEvents);
            }
        } catch (SQLException | RuntimeException e) {
            throw DatabaseErrors.translate("Changing how the log is ordered", e);
        }
    }

    private MigrationReport migrateTables() {
        Flyway flyway = flyway();
        begin(flyway);
        requireFreeNames(flyway);
        try {
            return report(flyway.migrate());
        } catch (FlywayException e) {
            if (pending().isEmpty()) {
                // Another process was faster.
                return report(flyway(MIGRATING, flyway::migrate));
            }
            throw failed(MIGRATING, e);
        }
    }

    /**
     * Makes the schema and a history with a first row. Flyway would do it on the way, but locks no more than the rows of its
     * history: on H2, two processes that find none would both migrate.
     */
    private void begin(Flyway flyway) {
        if (schema.isNamed()) {
            ask(this::createIfMissing);
        }
        for (int tries = 1; flyway(MIGRATING, flyway::info).current() == null; tries++) {
            try {
                flyway.baseline();
            } catch (FlywayException e) {
                if (!ask(EventStoreSchema::hasHistory)) {
                    throw failed(MIGRATING, e);
                }
                if (tries == TRIES) {
                    // A process ended after it had made the history and before it wrote into it: go on from there.
                    return;
                }
                // Another process has made the history, and is about to write its first row.
                pause();
            }
        }
    }

    private static boolean hasHistory(Connection connection) throws SQLException {
        try (ResultSet tables = connection.getMetaData().getTables(null, null, HISTORY, null)) {
            return tables.next();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PersistenceException("Interrupted while another process migrates the same tables", e);
        }
    }

    /**
     * Throws if the user has tables with the names of ours, before any is made: H2 commits each CREATE by itself, so half of a
     * migration would stay.
     */
    private void requireFreeNames(Flyway flyway) {
        for (int tries = 1; ; tries++) {
            boolean first = Arrays.stream(flyway(MIGRATING, flyway::info).pending())
                    .anyMatch(migration -> "1".equals(String.valueOf(migration.getVersion())));
            Set<String> taken = first ? ask(this::takenNames) : Set.of();
            if (taken.isEmpty()) {
                return;
            }
            if (tries == TRIES) {
                throw new PersistenceException(
                        "Migrating the tables failed: the schema has tables of these names already: " + taken
                                + ". If they are yours, rename them, or give the library a schema of its own"
                                + " (eventsourcing.schema, or inSchema). If a migration was cut off, and they are empty, drop"
                                + " them.",
                        null);
            }
            // Another process may be about to note that it has made them.
            pause();
        }
    }

    private Set<String> takenNames(Connection connection) throws SQLException {
        Set<String> taken = new TreeSet<>();
        String in = schema.isNamed() ? schema.name() : connection.getSchema();
        try (ResultSet tables = connection.getMetaData().getTables(null, in, null, null)) {
            while (tables.next()) {
                taken.add(tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
            }
        }
        taken.retainAll(TABLES);
        return taken;
    }

    private boolean createIfMissing(Connection connection) throws SQLException {
        if (exists(connection)) {
            return false;
        }
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            return statement.execute("CREATE SCHEMA " + schema.quoted());
        } catch (SQLException e) {
            // Another process may have made it meanwhile; H2 has several errors for that.
            if (exists(connection)) {
                return false;
            }
            throw e;
        }
    }

    private boolean exists(Connection connection) throws SQLException {
        try (ResultSet schemas = connection.getMetaData().getSchemas()) {
            while (schemas.next()) {
                if (schema.name().equals(schemas.getString("TABLE_SCHEM"))) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public String schema() {
        return schema.name();
    }

    @Override
    public String ordering() {
        return tables.expected() == null ? "" : tables.expected().settingName();
    }

    @Override
    public List<String> pending() {
        Flyway flyway = flyway();
        return Arrays.stream(
                        flyway("Asking for pending migrations", flyway::info).pending())
                .map(EventStoreSchema::describe)
                .toList();
    }

    /** Whether the other is about the same tables, as far as data sources can be told apart. */
    @Override
    public String credentials() {
        return credentials;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventStoreSchema that && dataSource == that.dataSource && tables.equals(that.tables);
    }

    @Override
    public int hashCode() {
        return Objects.hash(System.identityHashCode(dataSource), tables);
    }

    private Flyway flyway() {
        Database database = ask(Database::of);
        FluentConfiguration configuration = Flyway.configure(EventStoreSchema.class.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:dev/eventsourcing/persistence/mybatis/migrations/" + database.id())
                .failOnMissingLocations(true)
                .table(HISTORY)
                // The schema may hold the user's tables: start beside them, and at our first migration.
                .baselineVersion("0")
                .placeholderReplacement(false)
                .loggers("slf4j");
        if (schema.isNamed()) {
            configuration.defaultSchema(schema.name()).schemas(schema.name()).createSchemas(true);
        }
        return flyway(MIGRATING, configuration::load);
    }

    private MigrationReport report(MigrateResult result) {
        List<String> applied = result.migrations.stream()
                .map(migration -> "V" + migration.version + " " + migration.description)
                .toList();
        String version = result.targetSchemaVersion == null ? result.initialSchemaVersion : result.targetSchemaVersion;
        return new MigrationReport(
                ask(EventStoreSchema::address),
                schema.isNamed() ? schema.name() : ask(Connection::getSchema),
                applied,
                String.valueOf(version));
    }

    private <T> T ask(Question<T> question) {
        try (Connection connection = dataSource.getConnection()) {
            return question.of(connection);
        } catch (SQLException | RuntimeException e) {
            // Pools have errors of their own for a first connection that fails.
            throw DatabaseErrors.translate("Connecting to the database", e);
        }
    }

    /** Product and address; what follows the address in a URL, and may hold a password, is left out. */
    private static String address(Connection connection) throws SQLException {
        DatabaseMetaData about = connection.getMetaData();
        String url = about.getURL().replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
        return about.getDatabaseProductName() + " " + about.getDatabaseProductVersion() + " at " + url;
    }

    private static String describe(MigrationInfo migration) {
        return "V" + migration.getVersion() + " " + migration.getDescription();
    }

    private static <T> T flyway(String doing, Supplier<T> work) {
        try {
            return work.get();
        } catch (FlywayException e) {
            throw failed(doing, e);
        }
    }

    /** Flyway's words, which name the script and the statement; those of the database where it was not even reached. */
    private static EventSourcingException failed(String doing, FlywayException error) {
        EventSourcingException translated = DatabaseErrors.translate(doing, error);
        return translated instanceof CannotConnectException
                ? translated
                : new PersistenceException(
                        doing + " failed: " + DatabaseErrors.withoutSecrets(String.valueOf(error.getMessage())),
                        error,
                        DatabaseErrors.mayPass(error));
    }

    /** Something to ask of a connection. */
    private interface Question<T> {
        T of(Connection connection) throws SQLException;
    }
}
