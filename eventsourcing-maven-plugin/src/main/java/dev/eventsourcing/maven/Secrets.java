package dev.eventsourcing.maven;

import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Refuses secrets where everybody sees them: in command lines, in the POM, and in URLs, which find their way into logs. */
final class Secrets {
    /** Settings of the library that are secret, those of one application too. */
    private static final Pattern SECRET = Pattern.compile("eventsourcing\\.(.+\\.)?(password|cipher-keys)");

    private static final Pattern URL = Pattern.compile("eventsourcing\\.(.+\\.)?url");

    /** As the library has it for what it reads; it does not read every URL that is given. */
    private static final Pattern PASSWORD_IN_URL = Pattern.compile(
            "(?i)(?:password|passwd|pwd)\\s*=|//[^/?;]*@|//[^/?;@:\\[]*:(?!\\d*(?:[/?;,]|$))[^@]*@|:thin:[^@/]*/[^@]*@");

    private static final String CURE =
            " is seen by everybody on the machine, and in logs. Use a server of settings.xml with"
                    + " -Deventsourcing.serverId, or the environment variable ";

    private Secrets() {}

    /**
     * Looks through what a goal was given, and repeats no value.
     *
     * @param url what the goal would take, be it from the POM
     * @throws UsageException if there is a secret
     */
    static void refuse(Properties commandLine, @Nullable String url, List<String> jvmArguments) {
        for (String name : commandLine.stringPropertyNames()) {
            refuse("-D" + name, name, commandLine.getProperty(name));
        }
        if (url != null) {
            refuse("eventsourcing.url in the POM", "eventsourcing.url", url);
        }
        for (String argument : jvmArguments) {
            int equals = argument.indexOf('=');
            if (argument.startsWith("-D") && equals > 0) {
                String name = argument.substring(2, equals);
                refuse("The JVM argument -D" + name, name, argument.substring(equals + 1));
            }
        }
    }

    private static void refuse(String where, String name, String value) {
        if (SECRET.matcher(name).matches()) {
            String variable = name.toUpperCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "_");
            throw new UsageException(
                    name.endsWith("password")
                            ? where + ": a password there" + CURE + variable + "."
                            : where
                                    + ": a key there is seen by everybody on the machine, and in logs. Use the environment"
                                    + " variable " + variable + ".");
        }
        if (URL.matcher(name).matches() && PASSWORD_IN_URL.matcher(value).find()) {
            throw new UsageException(
                    where + " holds a password, which" + CURE + "EVENTSOURCING_PASSWORD, and take it out of the URL.");
        }
    }
}
