package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.CannotConnectException;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Makes one message of what the program's code has thrown: what it says, what was behind it, and the place in the program where it
 * began. The rest of the stack trace is for those who ask for more.
 */
final class ProgramFailure {
    private static final String NEXT_LINE = System.lineSeparator() + "  ";

    private final ProgramClasses own;
    private final ClassLoader loader;

    ProgramFailure(ProgramClasses own, ClassLoader loader) {
        this.own = own;
        this.loader = loader;
    }

    /** The exception for what was thrown while something was made: a database that is away stays that, however deep it is. */
    EventSourcingException of(String what, Throwable thrown) {
        return of(what, thrown, "");
    }

    /** The same with more to say at its end. */
    EventSourcingException of(String what, Throwable thrown, String hint) {
        List<Throwable> chain = chain(thrown);
        Throwable first = chain.get(0);
        Throwable last = chain.get(chain.size() - 1);
        StringBuilder message = new StringBuilder(what + " could not be made: " + said(first));
        String lastMessage = Thrown.messageOrNull(last);
        if (last != first && lastMessage != null && message.indexOf(lastMessage) < 0) {
            message.append(NEXT_LINE).append("caused by ").append(said(last));
        }
        place(chain).ifPresent(frame -> message.append(NEXT_LINE).append("at ").append(shown(frame)));
        message.append(hint);
        return chain.stream().anyMatch(CannotConnectException.class::isInstance)
                ? new CannotConnectException(message.toString(), thrown)
                : new ConfigurationException(message.toString(), thrown);
    }

    /** What was thrown and its causes, without those that merely carry another. */
    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> telling = Thrown.chain(thrown).stream()
                .filter(error -> Thrown.cause(error) == null
                        || !(error instanceof InvocationTargetException
                                || error instanceof ExceptionInInitializerError))
                .toList();
        return telling.isEmpty() ? List.of(thrown) : telling;
    }

    private static String said(Throwable error) {
        // Our own messages are made for people.
        return error instanceof EventSourcingException
                ? Thrown.message(error)
                : Thrown.text(error).strip();
    }

    /** The innermost place of the program's own; without one, of what is neither the JDK's nor this library's. */
    private Optional<StackTraceElement> place(List<Throwable> chain) {
        return first(chain, frame -> own.contain(frame.getClassName()))
                .or(() -> first(chain, frame -> !isOfTheJdk(frame) && !isOfThisLibrary(frame)));
    }

    private static Optional<StackTraceElement> first(List<Throwable> chain, Predicate<StackTraceElement> wanted) {
        for (int i = chain.size() - 1; i >= 0; i--) {
            Optional<StackTraceElement> frame =
                    Thrown.frames(chain.get(i)).stream().filter(wanted).findFirst();
            if (frame.isPresent()) {
                return frame;
            }
        }
        return Optional.empty();
    }

    private static boolean isOfTheJdk(StackTraceElement frame) {
        String module = frame.getModuleName();
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }

    private boolean isOfThisLibrary(StackTraceElement frame) {
        try {
            Class<?> type = Class.forName(frame.getClassName(), false, loader);
            return ProgramFailure.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .equals(type.getProtectionDomain().getCodeSource());
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static String shown(StackTraceElement frame) {
        return frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName()
                + (frame.getLineNumber() < 0 ? "" : ":" + frame.getLineNumber()) + ")";
    }
}
