package dev.eventsourcing.maven;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.plugin.logging.Log;

/**
 * A line that the JVM of a goal has printed, and the level at which Maven shows it: what the tool says, with the level in
 * front; what the program logs to its console, by the level that the line begins with; and all else, which is information.
 */
record LogLine(String level, String text) {
    private static final char MARK = '\u0001';

    /** A level in capitals, behind nothing but a time and a thread: so begin the lines of logging libraries. */
    private static final Pattern LOGGED = Pattern.compile(
            "(?:[0-9][0-9:.,TZ+/ -]{4,35} )?(?:\\[[^]]{1,80}] )?(TRACE|DEBUG|INFO|WARN|ERROR)[ :\\[].*");

    /** How the binding that stands in where the project has none begins its lines: with nothing in front of the level. */
    private static final Pattern FALLBACK = Pattern.compile("(WARN|ERROR) (.*)");

    static LogLine of(String line) {
        int end = line.isEmpty() || line.charAt(0) != MARK ? -1 : line.indexOf(MARK, 1);
        if (end >= 0) {
            return new LogLine(line.substring(1, end), line.substring(end + 1));
        }
        Matcher fallback = FALLBACK.matcher(line);
        if (fallback.matches()) {
            return new LogLine(fallback.group(1).toLowerCase(Locale.ROOT), fallback.group(2));
        }
        Matcher logged = LOGGED.matcher(line);
        return new LogLine(logged.matches() ? logged.group(1).toLowerCase(Locale.ROOT) : "info", line);
    }

    void showIn(Log log) {
        switch (level) {
            case "trace", "debug" -> log.debug(text);
            case "warn" -> log.warn(text);
            case "error" -> log.error(text);
            default -> log.info(text);
        }
    }
}
