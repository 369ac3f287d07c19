package dev.eventsourcing.benchmark;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The work of the goal sync-followers on a backlog, in a JVM of its own as the goal starts it. */
final class Synchronisation {
    private static final Pattern PASSWORD = Pattern.compile("([?&])password=([^&]*)&?");

    private final BenchmarkServer server;

    Synchronisation(BenchmarkServer server) {
        this.server = server;
    }

    /** What came of it; seconds with the start of the JVM. */
    record Result(long events, double seconds, long peakHeap) {
        @Override
        public String toString() {
            return "%.1f s, %,.0f events/s, peak heap %,d MiB".formatted(seconds, events / seconds, peakHeap >> 20);
        }
    }

    /**
     * Fills a new database with a backlog, and synchronises its follower.
     *
     * @throws IllegalStateException if it fails, or not every event is processed exactly once
     */
    Result run(long events, String... jvmArguments) throws IOException, InterruptedException, SQLException {
        BenchmarkDatabase database = server.database(2);
        database.fill(Backlog.LEADER, events);
        database.settle();
        long start = System.nanoTime();
        String printed = synchronise(database.url(), List.of(jvmArguments));
        double seconds = (System.nanoTime() - start) / 1e9;
        long position =
                database.number("SELECT max(notification_id) FROM notification_tracking WHERE application_name = '"
                        + Backlog.FOLLOWER + "'");
        long end = database.lastId(Backlog.LEADER);
        if (position != end || value(printed, Backlog.CALLS) != events) {
            throw new IllegalStateException(
                    events + " events up to " + end + ", but the position is " + position + ":\n" + printed);
        }
        server.drop(database);
        return new Result(events, seconds, value(printed, Backlog.PEAK));
    }

    private static String synchronise(String url, List<String> jvmArguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Backlog.class.getName()));
        command.addAll(List.of("sync-followers", "-Drunner=" + Backlog.class.getName() + "::runner"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Matcher password = PASSWORD.matcher(url);
        if (password.find()) {
            // In a URL the library refuses it.
            builder.environment()
                    .put("EVENTSOURCING_PASSWORD", URLDecoder.decode(password.group(2), StandardCharsets.UTF_8));
        }
        builder.environment().put("EVENTSOURCING_URL", password.replaceFirst("$1"));
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("sync-followers ended with " + process.exitValue() + ":\n" + printed);
        }
        return printed;
    }

    private static long value(String printed, String name) {
        Matcher line = Pattern.compile(Pattern.quote(name) + "(\\d+)").matcher(printed);
        return line.find() ? Long.parseLong(line.group(1)) : -1;
    }
}
