package dev.eventsourcing.application;

import dev.eventsourcing.persistence.PersistenceException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a section of a log by the first and the last id that is asked for, or that it has. Written as {@code 1,500}.
 *
 * @param first the first id; below 1 it counts as 1
 * @param last the last id; below the first it names an empty section
 */
public record SectionId(long first, long last) {
    private static final Pattern FORM = Pattern.compile("(-?\\d{1,18}),(-?\\d{1,18})");

    /**
     * Reads an id as {@link #toString} writes it.
     *
     * @throws PersistenceException if the text is not of the form {@code 1,500}, or a number has more than 18 digits
     */
    public static SectionId parse(String text) {
        Matcher numbers = FORM.matcher(text);
        if (!numbers.matches()) {
            throw new PersistenceException(
                    "'" + text.substring(0, Math.min(60, text.length())) + "' names no section of a log. Give the first"
                            + " and the last notification id, as in 1,500.",
                    null);
        }
        return new SectionId(Long.parseLong(numbers.group(1)), Long.parseLong(numbers.group(2)));
    }

    /** The first id that a notification can have here. */
    long start() {
        return Math.max(1, first);
    }

    /** How many ids this names. */
    long size() {
        return last < start() ? 0 : last - start() + 1;
    }

    /** First and last id with a comma between them. */
    @Override
    public String toString() {
        return first + "," + last;
    }
}
