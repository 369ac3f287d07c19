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

    /** What a name has to be, to follow it in a message. */
    static final String RULE =
            "may have at most " + MAX_LENGTH + " letters, digits and _ $ -, and starts with a letter or _";

    private static final Pattern VALID = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$-]*");

    /**
     * A named schema.
     *
     * @throws ConfigurationException if the name is empty, too long, or needs characters that are not allowed here
     */
    static Schema named(String name) {
        if (!isName(name)) {
            throw new ConfigurationException("Schema name '" + name + "' " + RULE + ".");
        }
        return new Schema(name);
    }

    static boolean isName(String name) {
        return VALID.matcher(name).matches() && name.length() <= MAX_LENGTH;
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
