package dev.eventsourcing.domain.errors;

import dev.eventsourcing.domain.EventSourcingException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads exceptions of code that is not the library's. Such an exception may be of any type, its causes may form a circle, and its
 * methods may throw; no method here does.
 */
public final class Thrown {
    /** The most causes that are read of one exception. */
    private static final int MOST_CAUSES = 100;

    private Thrown() {}

    /** Returns the exception, its cause, the cause of that one, and so on: at most 100, and each once. */
    public static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable next = thrown;
        while (next != null && chain.size() < MOST_CAUSES && seen.add(next)) {
            chain.add(next);
            next = cause(next);
        }
        return chain;
    }

    /** Returns the outermost exception of a type among an exception and its causes. */
    public static <T> Optional<T> first(Throwable thrown, Class<T> type) {
        return chain(thrown).stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    /** Returns the cause; null if there is none, or if asking for it throws. */
    public static @Nullable Throwable cause(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (Throwable broken) {
            return null;
        }
    }

    /** Returns the message; the name of the class if there is none, or if asking for it throws. */
    public static String message(Throwable thrown) {
        String message = messageOrNull(thrown);
        return message == null ? thrown.getClass().getName() : message;
    }

    /** Returns the message; null if there is none, or if asking for it throws. */
    public static @Nullable String messageOrNull(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (Throwable broken) {
            return null;
        }
    }

    /** Returns what an exception or another object of the user's says as text; the name of its class if that throws or gives null. */
    public static String text(@Nullable Object thrown) {
        if (thrown == null) {
            return "null";
        }
        try {
            String text = thrown.toString();
            return text == null ? thrown.getClass().getName() : text;
        } catch (Throwable broken) {
            return thrown.getClass().getName();
        }
    }

    /** Returns the frames of the stack trace; none if asking for them throws. */
    public static List<StackTraceElement> frames(Throwable thrown) {
        try {
            return Stream.of(thrown.getStackTrace()).filter(Objects::nonNull).toList();
        } catch (Throwable broken) {
            return List.of();
        }
    }

    /** Returns the stack trace as text; the text of the exception and its frames if printing it throws. */
    public static String trace(Throwable thrown) {
        StringWriter trace = new StringWriter();
        try {
            thrown.printStackTrace(new PrintWriter(trace));
            return trace.toString().stripTrailing();
        } catch (Throwable broken) {
            StringBuilder frames = new StringBuilder(text(thrown));
            for (StackTraceElement frame : frames(thrown)) {
                frames.append(System.lineSeparator()).append("\tat ").append(frame);
            }
            return frames.toString();
        }
    }

    /**
     * Returns the exception if it can be logged and passed on: its methods work, as do those of its causes. Else returns one that
     * stands for it, an {@link Error} for an error, with the name of its class, its stack trace and its causes.
     */
    public static Throwable readable(Throwable thrown) {
        if (broken(thrown) == null) {
            return thrown;
        }
        List<Throwable> chain = chain(thrown);
        Throwable cause = null;
        for (int i = chain.size() - 1; i >= 0; i--) {
            Throwable broken = broken(chain.get(i));
            cause = broken == null ? chain.get(i) : standIn(chain.get(i), broken, cause);
        }
        return Objects.requireNonNull(cause);
    }

    /** What one of the methods throws that a log calls; null if it can be logged, with its causes and suppressed exceptions. */
    private static @Nullable Throwable broken(Throwable thrown) {
        try {
            Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            requireReadable(thrown, seen);
            thrown.printStackTrace(new PrintWriter(Writer.nullWriter()));
            return null;
        } catch (Throwable broken) {
            return broken;
        }
    }

    /** Calls all methods itself: an exception that overrides one of them has the others not called when it is printed. */
    private static void requireReadable(Throwable thrown, Set<Throwable> seen) {
        StringBuilder said = new StringBuilder();
        Throwable next = thrown;
        while (next != null && seen.add(next)) {
            said.append(next.getMessage()).append(next.getLocalizedMessage()).append(next);
            for (StackTraceElement frame : next.getStackTrace()) {
                Objects.requireNonNull(frame);
            }
            for (Throwable suppressed : next.getSuppressed()) {
                requireReadable(suppressed, seen);
            }
            next = next.getCause();
        }
    }

    private static Throwable standIn(Throwable thrown, Throwable broken, @Nullable Throwable cause) {
        String text = text(thrown) + " (it cannot be printed: one of its methods throws "
                + broken.getClass().getName() + ")";
        Throwable standIn = thrown instanceof Error ? new Error(text, cause) : new EventSourcingException(text, cause);
        standIn.setStackTrace(frames(thrown).toArray(StackTraceElement[]::new));
        return standIn;
    }

    /** Whether the thread was interrupted: an {@link InterruptedException} is among the exception and its causes. */
    public static boolean isInterruption(Throwable thrown) {
        return first(thrown, InterruptedException.class).isPresent();
    }

    /** Sets the thread's interrupt flag again if the exception tells of an interruption, so that the caller learns of it. */
    public static void restoreInterruption(Throwable thrown) {
        if (isInterruption(thrown)) {
            Thread.currentThread().interrupt();
        }
    }

    /** Adds a suppressed exception to another one, unless they are the same. */
    public static void suppress(Throwable error, Throwable suppressed) {
        if (error != suppressed) {
            error.addSuppressed(suppressed);
        }
    }

    /**
     * Throws an exception as it is, checked or not. Code in Kotlin, generic casts and Lombok's {@code @SneakyThrows} throw checked
     * exceptions that no signature declares; what passes through the library reaches the caller unchanged.
     *
     * @return nothing; the type lets callers write {@code throw Thrown.unchanged(e)}
     */
    public static RuntimeException unchanged(Throwable thrown) {
        throw Thrown.<RuntimeException>sneakily(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T sneakily(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
