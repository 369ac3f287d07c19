package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.regex.Pattern;

/** What an application may be called. Its name stands in every row of its events and in its followers' tracking. */
public final class ApplicationName {
    /** The longest name, in UTF-16 characters; the columns are as wide. */
    public static final int MAX_LENGTH = 128;

    private static final Pattern VALID = Pattern.compile("[\\p{L}\\p{N}_$][\\p{L}\\p{N}_$.:-]*");

    private ApplicationName() {}

    /**
     * Returns the name if it is one.
     *
     * @throws ConfigurationException if it is empty, too long, or has other characters than letters, digits and {@code _$.:-}
     */
    public static String requireValid(String name) {
        if (name.length() > MAX_LENGTH) {
            throw new ConfigurationException("Application name " + name.substring(0, 40) + "... has " + name.length()
                    + " characters; at most " + MAX_LENGTH + " are stored. Pass a shorter name to the constructor.");
        }
        if (!VALID.matcher(name).matches()) {
            throw new ConfigurationException("Application name '" + name
                    + "' may only have letters, digits and _ $ . : -, and starts with none of the last three."
                    + " Pass another name to the constructor.");
        }
        return name;
    }
}
