package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What is known of a setting, wherever its value comes from. Immutable.
 *
 * @param key its name behind the prefix, in small letters, digits and hyphens, such as {@code pool-size}; with the unit where
 *     there is one
 * @param defaultValue what holds if it is not set, as text for people
 * @param meaning what it is for, in a few words
 * @param secret whether its value must not be seen
 */
public record Setting(String key, String defaultValue, String meaning, boolean secret) {
    /** What the names of all settings begin with. */
    static final String PREFIX = "eventsourcing.";

    private static final String MASK = "***";
    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /** Before an at sign in the authority of a URL, or where Oracle has both. */
    private static final Pattern USER_INFO = Pattern.compile("(?i)(?://|(?<=:thin:)).*@");

    /** A parameter of a URL that is secret, and all behind it: databases differ in what ends one. */
    private static final Pattern SECRET_PARAMETER = Pattern.compile(
            "(?is)([?&;][^=?&;]*(?:password|passwd|passphrase|pwd|secret|token|credential)[^=?&;]*=).*");

    /**
     * Describes a setting.
     *
     * @throws ConfigurationException if the key is of another form
     */
    public Setting {
        if (!KEY.matcher(key).matches()) {
            throw new ConfigurationException("Key '" + key + "' of a setting: words of small letters and digits,"
                    + " with hyphens between, are expected.");
        }
    }

    /** A setting whose value may be seen. */
    public static Setting open(String key, String defaultValue, String meaning) {
        return new Setting(key, defaultValue, meaning, false);
    }

    /** A setting whose value is masked wherever settings are shown. */
    public static Setting secret(String key, String defaultValue, String meaning) {
        return new Setting(key, defaultValue, meaning, true);
    }

    /** The system property that sets it for all applications, as {@code eventsourcing.pool-size}. */
    public String property() {
        return PREFIX + key;
    }

    /** The environment variable that sets it for all applications, as {@code EVENTSOURCING_POOL_SIZE}. */
    public String variable() {
        return variable(property());
    }

    /** A value as people may see it: all of a secret is masked, and of a URL the user and password and what else is secret. */
    public String masked(String value) {
        if (secret) {
            return MASK;
        }
        return SECRET_PARAMETER
                .matcher(USER_INFO.matcher(value).replaceFirst("//" + MASK + "@"))
                .replaceFirst("$1" + MASK);
    }

    /** The variable that stands for a property: upper case, and what is neither letter nor digit is an underscore. */
    static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "_");
    }
}
