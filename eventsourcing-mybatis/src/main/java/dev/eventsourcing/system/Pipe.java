package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;
import java.util.List;

/**
 * Applications in a row, each of which follows the one before it.
 *
 * @param applications at least one; all but the first are followers
 */
public record Pipe(List<Class<? extends Application>> applications) {
    /** Copies the list. */
    public Pipe {
        applications = List.copyOf(applications);
    }

    /** A pipe of these applications. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static Pipe pipe(Class<? extends Application>... applications) {
        return new Pipe(List.of(applications));
    }
}
