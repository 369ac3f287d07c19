package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.MigrationException;
import dev.eventsourcing.persistence.MigrationPlan;
import dev.eventsourcing.persistence.MigrationReport;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.TablesPlace;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the recorders, made and upgraded with Flyway. They live beside the user's tables and the user's own Flyway:
 * what was applied is noted in {@code eventsourcing_schema_history}, and no other table is looked at. No table is ever dropped
 * or emptied. Safe for use by several threads and processes.
 *
 * <p>Tables that a newer version of the library has made are neither migrated nor called up to date. Programs may go on to use
 * them, so that they can be replaced one after the other; a migration that they could not stand records an ordering that they
 * do not know, and then they refuse.
 */
public final class EventStoreSchema implements Migrations {
    /** The table that Flyway notes in what was applied. */
    static final String HISTORY = "eventsourcing_schema_history";

    private static final String ASKING = "Asking what is to be migrated";

    private final DataSource dataSource;
    private final Tables tables;
    private final String credentials;
    private final TablesDatabase database;
    private final MigrationWaits waits;

    private EventStoreSchema(DataSource dataSource, Tables tables, String credentials, MigrationWaits waits) {
        this.dataSource = dataSource;
        this.tables = tables;
        this.credentials = credentials;
        this.database = new TablesDatabase(dataSource, tables.schema());
        this.waits = waits;
    }

    /** The tables in the schema that the data source's connections stand in. */
    public static EventStoreSchema over(DataSource dataSource) {
        return over(dataSource, Tables.OF_CONNECTION, "");
    }

    /** The same, and where the data source's user and password come from, in words; empty if only it knows. */
    static EventStoreSchema over(DataSource dataSource, Tables tables, String credentials) {
        return new EventStoreSchema(dataSource, tables, credentials, MigrationWaits.DEFAULT);
    }

    /**
     * The tables in a named schema, which is created if it is missing. The name is taken as it is, letter case and all.
     *
     * @throws ConfigurationException if it is no name
     */
    public EventStoreSchema inSchema(String name) {
        return new EventStoreSchema(dataSource, tables.in(Schema.named(name)), credentials, waits);
    }

    /**
     * The tables with a log that is ordered with a strategy. {@link #migrate} makes them so while there are no events, and
     * refuses if there are and another strategy is recorded.
     */
    public EventStoreSchema ordering(OrderingStrategy strategy) {
        return new EventStoreSchema(dataSource, tables.ordered(strategy), credentials, waits);
    }

    /** The same tables, with other waiting times. */
    EventStoreSchema waiting(MigrationWaits other) {
        return new EventStoreSchema(dataSource, tables, credentials, other);
    }

    /**
     * Makes the tables, or brings them up to date, and says what it did.
     *
     * @throws ConfigurationException if an ordering strategy was named, and events are stored with
     *     another one, or the database does not have it, or is too old
     * @throws MigrationException if a newer version of the library has made the tables, the history was changed, names are taken,
     *     a right is missing, or a migration fails; a migration that failed on H2 is gone on with from where it stopped
     * @throws PersistenceException if the database cannot be reached, or refuses otherwise
     */
    @Override
    public MigrationReport migrate() {
        TablesState state = database.state(FlywayMigration.MIGRATING);
        state.requireOurs();
        List<String> applied = List.of();
        if (!state.pending().isEmpty()) {
            applied = new FlywayMigration(database, state.database(), waits).run();
            state = database.state(FlywayMigration.MIGRATING);
        }
        if (tables.expected() != null) {
            order(tables.expected(), false);
        }
        return new MigrationReport(state.address(), state.schema(), applied, String.valueOf(state.version()));
    }

    /**
     * {@inheritDoc}
     *
     * <p>A file of H2 that is not there is not made, if the data source is a pool of HikariCP, as that of settings is.
     */
    @Override
    public MigrationPlan plan() {
        Optional<String> missing = H2File.missing(dataSource);
        return missing.isPresent()
                ? plan(
                        TablesState.ofMissingFile(missing.get(), tables.schema()),
                        List.of(),
                        orderingOfNew(Database.H2, tables))
                : planOfDatabase();
    }

    /**
     * {@inheritDoc}
     *
     * <p>A file of H2 that is not there is not made, as in {@link #plan}.
     */
    @Override
    public TablesPlace place() {
        TablesState state = H2File.missing(dataSource)
                .map(url -> TablesState.ofMissingFile(url, tables.schema()))
                .orElseGet(() -> database.ask(
                        "Asking where the tables are",
                        connection -> TablesState.withoutHistory(connection, tables.schema())));
        return new TablesPlace(state.address(), state.schema());
    }

    @Override
    public boolean isIn(String url) {
        if (H2File.url(dataSource).filter(url::equals).isPresent()) {
            // As settings have it, in whichever form their driver takes.
            return true;
        }
        Optional<String> missing = H2File.missing(dataSource);
        String own = missing.isPresent()
                ? missing.get()
                : database.ask(
                        "Asking where the connections lead",
                        connection -> String.valueOf(connection.getMetaData().getURL()));
        return JdbcAddress.same(own, url);
    }

    private MigrationPlan planOfDatabase() {
        MigrationPlan plan = database.ask(ASKING, this::plan);
        new MigrationPlace(database, waits).requireFit();
        return plan;
    }

    private MigrationPlan plan(Connection connection) throws SQLException {
        TablesState state = TablesState.of(connection, tables.schema());
        state.requireOurs();
        List<String> goesOn = List.of();
        if (state.failed().isPresent() && state.database() == Database.H2) {
            goesOn = new UnfinishedMigration(connection, state, state.failed().get()).remaining();
        }
        List<String> ordering = orderingOfNew(state.database(), tables);
        if (tables.expected() != null && state.version() >= Migration.WITH_ORDERING) {
            RecordedOrdering recorded = new RecordedOrdering(connection, tables.schema());
            ordering = recorded.changes(recorded.strategy(), tables.expected(), false);
        }
        return plan(state, goesOn, ordering);
    }

    private MigrationPlan plan(TablesState state, List<String> goesOn, List<String> ordering) {
        List<String> pending = new ArrayList<>();
        state.pending().forEach(migration -> pending.add(migration.toString()));
        if (!ordering.isEmpty()) {
            pending.add("change the ordering of the log to " + ordering());
        }
        MigrationScript script = new MigrationScript(
                state.database(),
                tables.schema(),
                state.version(),
                !state.hasSchema(),
                !state.hasHistory(),
                goesOn,
                state.pending().stream()
                        .filter(migration ->
                                goesOn.isEmpty() || !Optional.of(migration).equals(state.failed()))
                        .toList(),
                ordering);
        return new MigrationPlan(
                state.address(),
                state.schema(),
                String.valueOf(state.version()),
                pending,
                pending.isEmpty() ? "" : script.text());
    }

    /** As {@link Migrations#script}, of tables in a schema and with an ordering. */
    static String script(Database database, int above, Tables tables) {
        if (above < 0 || above > Migration.latest()) {
            throw new ConfigurationException("There is no version " + above
                    + " of the tables. Versions go from 0, for none, to " + Migration.latest() + ".");
        }
        List<String> ordering = orderingOfNew(database, tables);
        if (above > 0 && tables.expected() != null) {
            throw new ConfigurationException("A script for tables that are there cannot change how their log is ordered"
                    + " (eventsourcing.ordering): that depends on what they hold. Leave it out.");
        }
        List<Migration> migrations = Migration.ALL.stream()
                .filter(migration -> migration.version() > above)
                .toList();
        MigrationScript script = new MigrationScript(
                database, tables.schema(), above, above == 0, above == 0, List.of(), migrations, ordering);
        return migrations.isEmpty()
                ? "-- Nothing to do: " + above + " is the newest version of the tables.\n"
                : script.text() + script.grants();
    }

    /** The statements that change the log of new tables to how it was asked for; none if they are made so. */
    private static List<String> orderingOfNew(Database database, Tables tables) {
        OrderingStrategy expected = tables.expected();
        if (expected == null) {
            return List.of();
        }
        // Throws if the database does not have it.
        EventOrder.of(expected, database);
        return database == Database.H2 || expected == OrderingStrategy.READERS_BARRIER
                ? List.of()
                : RecordedOrdering.changesOfNew(tables.schema(), expected);
    }

    /**
     * Changes how the log is ordered, with the events that it has. Stop all programs that use the schema first: writers that
     * still run fail from then on, and readers that still run could miss events.
     *
     * @throws ConfigurationException if the database does not have the strategy
     * @throws PersistenceException if the tables are not migrated, or an append stays open for more than 10 s
     */
    public void changeOrdering(OrderingStrategy to) {
        order(to, true);
    }

    private void order(OrderingStrategy to, boolean evenWithEvents) {
        database.ask("Changing how the log is ordered", connection -> {
            RecordedOrdering recorded = new RecordedOrdering(connection, tables.schema());
            if (recorded.strategy() != to) {
                recorded.change(to, evenWithEvents, waits.lockMs());
            }
            return to;
        });
    }

    @Override
    public String schema() {
        return tables.schema().name();
    }

    @Override
    public String ordering() {
        return tables.expected() == null ? "" : tables.expected().settingName();
    }

    @Override
    public String credentials() {
        return credentials;
    }

    /** Whether the other is about the same tables, as far as data sources can be told apart. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventStoreSchema that && dataSource == that.dataSource && tables.equals(that.tables);
    }

    @Override
    public int hashCode() {
        return Objects.hash(System.identityHashCode(dataSource), tables);
    }
}
