package dev.eventsourcing.tool;

import java.io.OutputStream;
import java.io.PrintStream;

/** Where a run prints: plain lines, or lines that tell a launcher their level. */
final class Console {
    /** Stands before and after the level of a line, for a launcher. */
    private static final char LEVEL = '\u0001';

    /** Lets nothing be heard. */
    static final Console MUTE = new Console(new PrintStream(OutputStream.nullOutputStream()), false);

    private final PrintStream out;
    private final boolean launched;

    Console(PrintStream out, boolean launched) {
        this.out = out;
        this.launched = launched;
    }

    void info(String line) {
        print("info", line);
    }

    void warn(String line) {
        print("warn", line);
    }

    void error(String line) {
        print("error", line);
    }

    void debug(String line) {
        if (launched) {
            print("debug", line);
        }
    }

    /**
     * Prints a result, which is no log: as it is, for a pipe. Whoever makes it has taken secrets out; to do so here could break what
     * programs are to read.
     */
    void print(String lines) {
        printUnmasked("print", lines);
    }

    private void print(String level, String lines) {
        printUnmasked(level, JdbcUrls.masked(lines));
    }

    private void printUnmasked(String level, String lines) {
        // Not at what else ends a line for Java: in JSON it stands as it is.
        for (String line : lines.split("\r?\n|\r", -1)) {
            out.println(launched ? LEVEL + level + LEVEL + line : line);
        }
        out.flush();
    }
}
