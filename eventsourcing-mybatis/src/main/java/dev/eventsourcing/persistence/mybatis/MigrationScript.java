package dev.eventsourcing.persistence.mybatis;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Migrations as SQL that anybody can run, with the rows of the history that Flyway would write. On PostgreSQL it is one
 * transaction; H2 commits each CREATE by itself.
 *
 * @param schema where the tables are
 * @param above the version that the tables have; 0 for none
 * @param makesSchema whether the schema is missing, or may be
 * @param makesHistory whether the history is missing
 * @param goesOn statements that do a migration to its end that has failed before
 * @param migrations what is to be applied
 * @param ordering statements that change how the log is ordered
 */
record MigrationScript(
        Database database,
        Schema schema,
        int above,
        boolean makesSchema,
        boolean makesHistory,
        List<String> goesOn,
        List<Migration> migrations,
        List<String> ordering) {
    /** The name of the table, quoted. */
    static final String HISTORY = '"' + EventStoreSchema.HISTORY + '"';

    /** The statements. */
    String text() {
        StringBuilder sql = new StringBuilder();
        if (database == Database.POSTGRESQL) {
            sql.append("BEGIN;\n\n");
        }
        if (schema.isNamed()) {
            enterSchema(sql);
        }
        if (makesHistory) {
            sql.append("-- Notes which migrations were applied.\n")
                    .append(history(database))
                    .append(firstRow())
                    .append(";\n\n");
        } else if (above > 0 && !migrations.isEmpty()) {
            sql.append("-- Fails, and divides by zero, where the tables are not at version ")
                    .append(above)
                    .append(".\nSELECT 1 / count(*) FROM ")
                    .append(HISTORY)
                    .append(" WHERE \"version\" = '")
                    .append(above)
                    .append("' AND \"success\";\n\n");
        }
        append(sql, "Goes on with the migration that has failed before", goesOn);
        migrations.forEach(migration -> apply(sql, migration));
        append(sql, "How the log is ordered", ordering);
        if (database == Database.POSTGRESQL) {
            sql.append("COMMIT;\n");
        }
        return sql.toString().stripTrailing() + '\n';
    }

    /** What a role needs that only uses the tables, as comments: the script does not know its name. */
    String grants() {
        if (database != Database.POSTGRESQL) {
            return "";
        }
        String where = schema.prefix();
        String tables = Migration.ALL.stream()
                .flatMap(migration -> migration.tables(database).stream())
                .map(where::concat)
                .collect(Collectors.joining(", "));
        return """

            -- For the role of the programs, if it does not own the tables:
            %s-- GRANT SELECT, INSERT, UPDATE ON %s TO app;
            -- GRANT DELETE ON %sparked_events TO app;
            -- GRANT SELECT ON %s%s TO app;
            """.formatted(
                        schema.isNamed() ? "-- GRANT USAGE ON SCHEMA " + schema.quoted() + " TO app;\n" : "",
                        tables,
                        where,
                        where,
                        HISTORY);
    }

    private void enterSchema(StringBuilder sql) {
        if (makesSchema) {
            sql.append("CREATE SCHEMA IF NOT EXISTS ").append(schema.quoted()).append(";\n");
        }
        sql.append(database == Database.POSTGRESQL ? "SET LOCAL search_path TO " : "SET SCHEMA ")
                .append(schema.quoted())
                .append(";\n\n");
    }

    private static void append(StringBuilder sql, String title, List<String> statements) {
        if (!statements.isEmpty()) {
            sql.append("-- ").append(title).append(".\n");
            statements.forEach(statement -> sql.append(statement.strip()).append(";\n"));
            sql.append('\n');
        }
    }

    private void apply(StringBuilder sql, Migration migration) {
        sql.append("-- ")
                .append(migration)
                .append('\n')
                .append(migration.text(database).stripTrailing())
                .append('\n');
        sql.append(row(
                        String.valueOf(migration.version()),
                        migration.description(),
                        "SQL",
                        migration.file(),
                        String.valueOf(migration.checksum(database))))
                .append(";\n\n");
    }

    /** The statements that make the table of the history, as Flyway makes it. */
    static String history(Database database) {
        return Migration.resource("history/" + database.id() + ".sql");
    }

    /** The statement that writes the first row of the history, as Flyway writes it; without a semicolon. */
    static String firstRow() {
        return row("0", "<< Flyway Baseline >>", "BASELINE", "<< Flyway Baseline >>", "NULL");
    }

    private static String row(String version, String description, String type, String script, String checksum) {
        return "INSERT INTO " + HISTORY
                + " (\"installed_rank\", \"version\", \"description\", \"type\", \"script\", \"checksum\","
                + " \"installed_by\", \"execution_time\", \"success\")\n  SELECT COALESCE(MAX(\"installed_rank\"), 0) + 1, '"
                + String.join("', '", version, description, type, script)
                + "', " + checksum + ", CURRENT_USER, 0, TRUE FROM " + HISTORY;
    }
}
