package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.regex.Pattern;

/**
 * The schema that holds the tables: named, and then names of tables are qualified with it; or the one that the connection
 * stands in.
 *
 * @param name the name as the database has it, letter case and all; empty for the connection's
 */
record Schema(String name) {
    static final Schema OF_CONNECTION = new Schema("");

    /** PostgreSQL cuts longer names. */
    private static final int MAX_LENGTH = 63;

    private static final Pattern VALID = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$-]*");

    /**
     * A named schema.
     *
     * @throws ConfigurationException if the name is empty, too long, or needs characters that are not allowed here
     */
    static Schema named(String name) {
        if (!VALID.matcher(name).matches() || name.length() > MAX_LENGTH) {
            throw new ConfigurationException("Schema name '" + name + "' may have at most " + MAX_LENGTH
                    + " letters, digits and _ $ -, and starts with a letter or _.");
        }
        return new Schema(name);
    }

    boolean isNamed() {
        return !name.isEmpty();
    }

    /** What stands before the name of a table. */
    String prefix() {
        return isNamed() ? quoted() + '.' : "";
    }

    /** The name as it stands in SQL. */
    String quoted() {
        return '"' + name + '"';
    }
}
