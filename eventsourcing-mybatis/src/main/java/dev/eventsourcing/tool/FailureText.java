package dev.eventsourcing.tool;

import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.system.EventProcessingException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What an exception says to who has to mend it. */
final class FailureText {
    /** What stands between the program's own code and what it has caused: one looks for the mistake elsewhere first. */
    private static final Pattern NOT_THE_PROGRAM = Pattern.compile("(java|javax|jdk|sun|com\\.sun|jakarta"
            + "|dev\\.eventsourcing\\.(application|domain|micrometer|persistence|remote|system|testing|tool)"
            + "|org\\.(apache\\.ibatis|mybatis|h2|postgresql|slf4j|flywaydb|springframework)"
            + "|com\\.(zaxxer|fasterxml|google\\.inject)|tools\\.jackson)\\..*");

    /** What calls policies: who called that has nothing to do with it. */
    private static final String CALLER = "dev.eventsourcing.system.";

    private final List<Throwable> chain;

    FailureText(Throwable thrown) {
        chain = Thrown.chain(thrown);
    }

    /** What was thrown: where an event could not be processed, what the policy threw. */
    Throwable error() {
        return chain.get(0) instanceof EventProcessingException && chain.size() > 1 ? chain.get(1) : chain.get(0);
    }

    /** What was behind it all, if the message does not say so. */
    Optional<String> cause(String message) {
        Throwable last = chain.get(chain.size() - 1);
        String words = Thrown.messageOrNull(last);
        boolean said = last == error() || words == null || message.contains(words);
        return said ? Optional.empty() : Optional.of(last.getClass().getName() + ": " + words);
    }

    /** The innermost place of the program's own in which it happened. */
    Optional<String> place() {
        for (int i = chain.size() - 1; i >= 0; i--) {
            Optional<String> place = Thrown.frames(chain.get(i)).stream()
                    .takeWhile(frame -> !frame.getClassName().startsWith(CALLER))
                    .filter(frame ->
                            !NOT_THE_PROGRAM.matcher(frame.getClassName()).matches())
                    .map(FailureText::shown)
                    .findFirst();
            if (place.isPresent()) {
                return place;
            }
        }
        return Optional.empty();
    }

    private static String shown(StackTraceElement frame) {
        return frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName()
                + (frame.getLineNumber() < 0 ? "" : ":" + frame.getLineNumber()) + ")";
    }

    /** The whole stack trace. */
    String trace() {
        return Thrown.trace(chain.get(0));
    }
}
