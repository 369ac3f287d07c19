package dev.eventsourcing.tool;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Numbers as people read them. */
final class Amounts {
    private static final long MINUTE_S = 60;
    private static final long HOUR_S = 3600;

    private Amounts() {}

    /** As in {@code 120,000}. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** As in {@code 1 event} and {@code 2 events}. */
    static String count(long number, String what) {
        return number(number) + " " + what + (number == 1 ? "" : "s");
    }

    /** As in {@code 6 Dog.TrickAdded, 3 Dog.Registered}. */
    static String byName(Map<String, Long> numbers) {
        return numbers.entrySet().stream()
                .map(entry -> number(entry.getValue()) + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    /** As in {@code 3,400/s}. */
    static String rate(double perSecond) {
        return perSecond < 10 ? String.format(Locale.ROOT, "%.1f/s", perSecond) : number(Math.round(perSecond)) + "/s";
    }

    /** As in {@code 12 ms}, {@code 1.2 s}, {@code 1 min 50 s} and {@code 2 h 5 min}. */
    static String time(Duration time) {
        if (time.toMillis() < 1000) {
            return time.toMillis() + " ms";
        }
        if (time.toMillis() < 10_000) {
            return String.format(Locale.ROOT, "%.1f s", Math.floor(time.toMillis() / 100.0) / 10);
        }
        long seconds = time.toSeconds();
        if (seconds < MINUTE_S) {
            return seconds + " s";
        }
        return seconds < HOUR_S
                ? seconds / MINUTE_S + " min " + seconds % MINUTE_S + " s"
                : number(seconds / HOUR_S) + " h " + seconds % HOUR_S / MINUTE_S + " min";
    }
}
