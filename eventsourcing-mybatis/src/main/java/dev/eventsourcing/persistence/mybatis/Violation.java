package dev.eventsourcing.persistence.mybatis;

import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The unique constraint that a row would have violated, as far as the database tells.
 *
 * @param schema the schema of the table; empty if it is not told
 * @param table the table; empty if it is not told
 * @param constraint the constraint, or the index
 */
record Violation(String schema, String table, String constraint) {
    /** Both databases: a unique constraint is violated. */
    private static final String UNIQUE_VIOLATION = "23505";

    private static final Violation NONE = new Violation("", "", "");

    /**
     * H2 tells in its message, before anything of the row: {@code "PUBLIC.CONSTRAINT INDEX PUBLIC.INDEX ON PUBLIC.TABLE(}, with
     * the quotation marks of a name doubled. Ours are all in capitals, or in small letters where the URL has it so.
     */
    private static final Pattern IN_H2 = Pattern.compile(
            "^[^\"]*\"(?:\"\")?([^\".]*)(?:\"\")?\\.([A-Z_]+|[a-z_]+) INDEX .*? ON [^ ]+\\.([A-Z_]+|[a-z_]+)\\(");

    /** The name alone, of a driver that is not asked for more. */
    private static final Pattern IN_MESSAGE = Pattern.compile("^[^\"\n]*\"([^\"\n]+)\"[^\"\n]*(\n|$)");

    /** None if the error is another one. */
    static Violation of(SQLException error, Database database) {
        if (!UNIQUE_VIOLATION.equals(error.getSQLState())) {
            return NONE;
        }
        return switch (database) {
            case H2 -> inMessageOfH2(String.valueOf(error.getMessage()));
            case POSTGRESQL -> ofPostgres(error);
        };
    }

    /** Whether it is one of ours, letter case and all, in a schema, or in whichever it is if the schema has no name. */
    boolean isOf(Key key, Schema where) {
        return constraint.equals(key.constraint())
                && (table.isEmpty() || table.equals(key.table()))
                && (schema.isEmpty() || !where.isNamed() || schema.equals(where.name()));
    }

    private static Violation inMessageOfH2(String message) {
        Matcher parts = IN_H2.matcher(message);
        return parts.find()
                ? new Violation(
                        parts.group(1),
                        parts.group(3).toLowerCase(Locale.ROOT),
                        parts.group(2).toLowerCase(Locale.ROOT))
                : NONE;
    }

    private static Violation ofPostgres(SQLException error) {
        try {
            // The driver's own class, which this library does not know: its message names the constraint only, in any
            // language.
            Object told = error.getClass().getMethod("getServerErrorMessage").invoke(error);
            if (told != null) {
                return new Violation(text(told, "getSchema"), text(told, "getTable"), text(told, "getConstraint"));
            }
        } catch (ReflectiveOperationException anotherDriver) {
            // Then the message has to do.
        }
        Matcher name = IN_MESSAGE.matcher(String.valueOf(error.getMessage()));
        return name.find() ? new Violation("", "", name.group(1)) : NONE;
    }

    private static String text(Object told, String accessor) throws ReflectiveOperationException {
        Object text = told.getClass().getMethod(accessor).invoke(told);
        return text == null ? "" : text.toString();
    }
}
