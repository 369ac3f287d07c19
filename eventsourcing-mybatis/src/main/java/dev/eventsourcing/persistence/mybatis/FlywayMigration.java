package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.MigrationException;
import dev.eventsourcing.persistence.MigrationException.Reason;
import dev.eventsourcing.persistence.PersistenceException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.MigrateResult;

/** Applies what is pending, with Flyway. Several processes may do it at once. */
final class FlywayMigration {
    /** What is being done, for errors. */
    static final String MIGRATING = "Migrating the tables";

    /** How often a step is tried that can fail because another process does it too. */
    private static final int FEW_TRIES = 3;

    private static final Pattern LINE = Pattern.compile("Line\\s*:\\s*(\\d{1,6})");

    private final TablesDatabase tables;
    private final Schema schema;
    private final Database database;
    private final MigrationWaits waits;
    private final MigrationPlace place;
    private final Flyway flyway;

    FlywayMigration(TablesDatabase tables, Database database, MigrationWaits waits) {
        this.tables = tables;
        this.waits = waits;
        this.place = new MigrationPlace(tables, waits);
        this.schema = tables.schema();
        this.database = database;
        FluentConfiguration configuration = Flyway.configure(EventStoreSchema.class.getClassLoader())
                .dataSource(tables.dataSource())
                .locations(Migration.location(database))
                .failOnMissingLocations(true)
                .table(EventStoreSchema.HISTORY)
                // The schema may hold the user's tables: start beside them, and at our first migration.
                .baselineVersion("0")
                .placeholderReplacement(false)
                .loggers("slf4j");
        if (schema.isNamed()) {
            configuration.defaultSchema(schema.name()).schemas(schema.name()).createSchemas(true);
        }
        try {
            this.flyway = configuration.load();
        } catch (FlywayException e) {
            throw failed(e);
        }
    }

    /** Applies it, and returns what this process has applied, as reports have it. */
    List<String> run() {
        place.requireFit();
        begin();
        List<String> applied = new ArrayList<>(goOn());
        // Another process may have begun meanwhile: H2 commits each CREATE by itself, so half of a migration would
        // stay.
        place.requireFit();
        try {
            applied.addAll(names(flyway.migrate()));
        } catch (FlywayException e) {
            if (!tables.state(MIGRATING).pending().isEmpty()) {
                throw failed(e);
            }
            // Another process was faster.
        }
        return applied;
    }

    private static List<String> names(MigrateResult result) {
        return result.migrations.stream()
                .map(migration -> "V" + migration.version + " " + migration.description)
                .toList();
    }

    /**
     * Makes the schema and a history with a first row. Flyway would do it on the way, but locks no more than the rows of its
     * history: on H2, two processes that find none would both migrate.
     */
    private void begin() {
        TablesState state = tables.state(MIGRATING);
        for (int tries = 1; state.history().isEmpty(); tries++) {
            try {
                if (schema.isNamed()) {
                    tables.ask(MIGRATING, this::createIfMissing);
                }
                TablesState found = tables.state(MIGRATING);
                tables.ask(MIGRATING, connection -> {
                    new MigrationHistory(connection, found, schema).begin();
                    return found;
                });
            } catch (MigrationException | CannotConnectException e) {
                throw e;
            } catch (PersistenceException e) {
                // Another process may make the history too, and then this one finds it.
                if (tries == FEW_TRIES) {
                    throw unfinished(String.valueOf(e.getMessage()), e);
                }
            }
            state = tables.state(MIGRATING);
            if (state.history().isEmpty()) {
                waits.pause();
            }
        }
    }

    private boolean createIfMissing(Connection connection) throws SQLException {
        if (TablesState.hasSchema(connection, schema.name())) {
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            return statement.execute("CREATE SCHEMA " + schema.quoted());
        } catch (SQLException e) {
            // Another process may have made it meanwhile; H2 has several errors for that.
            if (TablesState.hasSchema(connection, schema.name())) {
                return false;
            }
            throw e;
        }
    }

    /** Does a migration to its end that has failed before; returns its name if it was this process that did. */
    private List<String> goOn() {
        for (int tries = 1; ; tries++) {
            TablesState state = tables.state(MIGRATING);
            if (state.failed().isEmpty()) {
                return List.of();
            }
            Migration migration = state.failed().get();
            if (database != Database.H2) {
                throw new MigrationException(
                        Reason.FAILED,
                        state.schema(),
                        "The table " + EventStoreSchema.HISTORY + " in schema " + state.schema() + " of "
                                + state.address()
                                + " says that " + migration
                                + " has failed, which this library does not write there: what"
                                + " fails here leaves nothing. If there is nothing of that migration, delete the row (where"
                                + " success is false), and migrate again; else take the database from a backup.",
                        null);
            }
            try {
                boolean done = tables.ask(
                        "Going on with " + migration,
                        connection -> new UnfinishedMigration(connection, state, migration).finish());
                return done ? List.of(migration.toString()) : List.of();
            } catch (MigrationException e) {
                throw e;
            } catch (PersistenceException e) {
                if (tries == FEW_TRIES) {
                    throw unfinished(String.valueOf(e.getMessage()), e);
                }
                // Another process may go on with it too: what it has made is left out the next time.
                waits.pause();
            }
        }
    }

    /** Which migration has failed at which statement, and why; Flyway's words where it is not about a statement. */
    private EventSourcingException failed(FlywayException error) {
        EventSourcingException explained = tables.explain(MIGRATING, error);
        if (explained instanceof CannotConnectException || explained instanceof MigrationException) {
            return explained;
        }
        SQLException sql = DatabaseErrors.sqlException(error);
        String flyways = DatabaseErrors.withoutSecrets(String.valueOf(error.getMessage()));
        return unfinished(
                sql == null
                        ? MIGRATING + " failed: " + flyways
                        : place(flyways) + " failed: " + DatabaseErrors.words(sql),
                error);
    }

    /** The statement that Flyway names the line of. */
    private String place(String flyways) {
        Matcher line = LINE.matcher(flyways);
        List<Migration> pending = tables.state(MIGRATING).pending();
        if (!line.find() || pending.isEmpty()) {
            return MIGRATING;
        }
        List<String> lines = pending.get(0).text(database).lines().toList();
        int number = Integer.parseInt(line.group(1));
        return number > lines.size()
                ? MIGRATING
                : pending.get(0) + ", line " + number + " of its script (" + lines.get(number - 1) + "),";
    }

    private MigrationException unfinished(String message, Exception error) {
        String goOn = database == Database.H2
                ? "H2 commits each CREATE by itself: what was made before that statement stays, and does no harm. Mend the"
                        + " cause and migrate again: it goes on with that statement."
                : "Nothing of that migration stays. Mend the cause and migrate again.";
        return new MigrationException(
                Reason.FAILED, schema.name(), message.strip() + " " + goOn, error, DatabaseErrors.failureKind(error));
    }
}
