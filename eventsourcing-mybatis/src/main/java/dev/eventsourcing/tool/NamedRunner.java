package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was named as the runner, class and member, and why it is none if it is not. Nothing is initialised here. */
final class NamedRunner {
    /** Class, then member, after two colons or a dot. */
    private static final Pattern NAME = Pattern.compile(
            "(\\p{javaJavaIdentifierPart}+(?:\\.\\p{javaJavaIdentifierPart}+)*)(?:::|\\.)(\\p{javaJavaIdentifierPart}+)");

    private final String name;
    private final ClassLoader loader;
    private final Supplier<List<RunnerMember>> others;

    /**
     * Takes a name as it was given.
     *
     * @param others what the program offers, for who names a class that there is none of
     */
    NamedRunner(String name, ClassLoader loader, Supplier<List<RunnerMember>> others) {
        this.name = name;
        this.loader = loader;
        this.others = others;
    }

    /**
     * The member that is named; a method goes before a field of its name.
     *
     * @throws ConfigurationException if no runner can be had from it, with why
     */
    RunnerMember member() {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw wrong(" does not name a member of a class. " + RunnerSource.HOW_TO_NAME_ONE, null);
        }
        String className = parts.group(1);
        try {
            return member(type(className), parts.group(2));
        } catch (LinkageError e) {
            String hint = e.getCause() instanceof ClassNotFoundException
                    ? ". Is a dependency missing, or of scope test or provided?"
                    : "";
            throw new MissingClassException(
                    "-Drunner=" + name + ": class " + ProgramClasses.unlinked(className, e) + hint, e);
        }
    }

    private RunnerMember member(Class<?> type, String memberName) {
        RunnerMember.hidden(type).ifPresent(hidden -> {
            throw wrong(": class " + hidden + ". " + RunnerSource.HOW_TO_NAME_ONE, null);
        });
        List<RunnerMember> members = RunnerMember.named(type, memberName);
        if (!members.isEmpty() && members.get(0).complaints().isEmpty()) {
            return members.get(0);
        }
        String complaint = members.isEmpty()
                ? "there is no method and no field " + memberName
                : members.stream().map(RunnerMember::complaint).collect(Collectors.joining("; "));
        throw wrong(": " + complaint + ". " + RunnerSource.HOW_TO_NAME_ONE + offersOf(type), null);
    }

    /** A class by its name, where a dot may part a class from one inside of it. */
    private Class<?> type(String className) {
        String tried = className;
        Optional<Class<?>> found = loaded(tried);
        for (int dot = tried.lastIndexOf('.'); found.isEmpty() && dot >= 0; dot = tried.lastIndexOf('.')) {
            tried = tried.substring(0, dot) + "$" + tried.substring(dot + 1);
            found = loaded(tried);
        }
        return found.orElseThrow(() -> missing(className));
    }

    private ConfigurationException missing(String className) {
        return loaded(name)
                .map(whole -> wrong(
                        " names a class and no member of it. " + RunnerSource.HOW_TO_NAME_ONE + offersOf(whole), null))
                .orElseGet(() -> new MissingClassException(
                        "-Drunner=" + name + ": there is no class " + className + " on the class path. Is it compiled? "
                                + RunnerSource.HOW_TO_NAME_ONE + linesBelow("There is:", others.get()),
                        null));
    }

    private Optional<Class<?>> loaded(String className) {
        try {
            return Optional.of(Class.forName(className, false, loader));
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        }
    }

    private ConfigurationException wrong(String what, @Nullable Throwable cause) {
        String message = "-Drunner=" + name + what;
        return cause == null ? new ConfigurationException(message) : new ConfigurationException(message, cause);
    }

    private static String offersOf(Class<?> type) {
        return linesBelow(type.getName() + " has:", RunnerMember.offeredBy(type));
    }

    private static String linesBelow(String what, List<RunnerMember> members) {
        return members.isEmpty() ? "" : System.lineSeparator() + what + lines(members);
    }

    /** A line to copy for each, on its own. */
    static String lines(List<RunnerMember> members) {
        return members.stream()
                .map(member -> System.lineSeparator() + "  -Drunner=" + member.name())
                .collect(Collectors.joining());
    }
}
