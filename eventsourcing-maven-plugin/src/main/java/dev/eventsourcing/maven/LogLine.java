package dev.eventsourcing.maven;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.plugin.logging.Log;

/**
 * A line that the JVM of a goal has printed, and the level at which Maven shows it: what the tool says, with the level in
 * front, or that it is a result, which is no log; what the program logs to its console, by the level that the line begins with; and all else, which is information.
 */
record LogLine(String level, String text) {
    private static final char MARK = '\u0001';

    /** A level in capitals, behind nothing but a time and a thread: so begin the lines of logging libraries. */
    private static final Pattern LOGGED = Pattern.compile(
            "(?:[0-9][0-9:.,TZ+/ -]{4,35} )?(?:\\[[^]]{1,80}] )?(TRACE|DEBUG|INFO|WARN|ERROR)[ :\\[].*");

    /** How the binding that stands in where the project has none begins its lines: with nothing in front of the level. */
    private static final Pattern FALLBACK = Pattern.compile("(WARN|ERROR) (.*)");

    /** The lines in what was printed as one: the program may have begun a line and not ended it when the tool said something. */
    static List<LogLine> in(String line) {
        int begin = line.indexOf(MARK);
        int end = begin < 0 ? -1 : line.indexOf(MARK, begin + 1);
        if (end < 0) {
            return List.of(ofProgram(line));
        }
        LogLine said = new LogLine(line.substring(begin + 1, end), line.substring(end + 1));
        return begin == 0 ? List.of(said) : List.of(ofProgram(line.substring(0, begin)), said);
    }

    private static LogLine ofProgram(String line) {
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
            case "print" -> StandardOutput.print(text);
            default -> log.info(text);
        }
    }
}
