package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.RunnerFactory;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the program's runner: the one that is named, else the one that {@link ServiceLoader} knows, else the only one in the
 * program's own classes. Classes that are merely looked at are not initialised, and nothing is called that may be a second runner;
 * {@link OfferedRunners} says when several members are asked whether they are names of one.
 *
 * <p>Every mistake is one {@link ConfigurationException}, which says what is wrong with which member.
 */
final class RunnerSource {
    static final String HOW_TO_NAME_ONE = "Name a public static method without parameters, or a public static field,"
            + " whose type is dev.eventsourcing.system.Runner: -Drunner=com.acme.School::runner";

    /** How many lines tell of what was nearly a runner. */
    private static final int HINTS = 5;

    private final ToolOptions options;
    private final ClassLoader loader;
    private final ProgramClasses classes;
    private final ProgramFailure failure;
    private final BuildWait wait;
    private final Map<Runner, String> names = new IdentityHashMap<>();

    RunnerSource(ToolOptions options, ClassLoader loader) {
        this(options, loader, BuildWait.NONE);
    }

    /** One that waits for another build of the module, if that seems to be at work. */
    RunnerSource(ToolOptions options, ClassLoader loader, BuildWait wait) {
        this.options = options;
        this.wait = wait;
        this.loader = loader;
        this.classes = new ProgramClasses(options.text(ToolOptions.CLASSES).orElse(""), loader);
        this.failure = new ProgramFailure(classes, loader);
    }

    /** What to say where there has to be a runner and is none; with what would have been one, but for something. */
    ConfigurationException noneFound() {
        StringBuilder message = new StringBuilder("No runner found: none is named, none is provided as a service "
                + RunnerFactory.class.getName() + ", and no public class in "
                + options.text(ToolOptions.CLASSES).orElse("(no folder of classes)") + " offers one. "
                + HOW_TO_NAME_ONE);
        ProgramClasses.Found found = classes.all();
        Stream<String> nearly = found.classes().stream()
                .flatMap(type -> RunnerMember.declaredBy(type).stream())
                .filter(member -> !member.complaints().isEmpty())
                .map(member -> "In " + member.type().getName() + ", " + member.complaint() + ".");
        Stream.concat(nearly, found.unusable().stream().map(unusable -> "Class " + unusable + "."))
                .limit(HINTS)
                .forEach(hint ->
                        message.append(System.lineSeparator()).append("  ").append(hint));
        return new ConfigurationException(message + wait.hint(classes));
    }

    /**
     * The runner; empty if there is none and none was named.
     *
     * @throws ConfigurationException if there are several, or it cannot be made
     * @throws dev.eventsourcing.persistence.CannotConnectException if it cannot be made as a database cannot be reached
     */
    Optional<Runner> findIfAny() {
        // Of one module of many a folder without classes may be as it should.
        boolean emptyToo = !options.flag(ToolOptions.RUNNER_OPTIONAL);
        while (true) {
            try {
                Optional<Runner> found = look(emptyToo);
                if (found.isPresent() || !wait.mayChange(classes, emptyToo)) {
                    return found;
                }
            } catch (MissingClassException e) {
                if (!wait.mayChange(classes, emptyToo)) {
                    String hint = wait.hint(classes);
                    throw hint.isEmpty() ? e : new ConfigurationException(e.getMessage() + hint, e);
                }
            }
        }
    }

    private Optional<Runner> look(boolean emptyToo) {
        if (options.has(ToolOptions.RUNNER)) {
            String name = options.text(ToolOptions.RUNNER).orElse("");
            return Optional.of(make(new NamedRunner(name, loader, this::offered).member()));
        }
        Optional<Runner> provided = provided();
        if (provided.isPresent()) {
            return provided;
        }
        ProgramClasses.Found found = classes.all();
        while (found.inPart() && wait.mayChange(classes, emptyToo)) {
            found = classes.all();
        }
        return new OfferedRunners(this).only(offered(found));
    }

    private Optional<Runner> provided() {
        List<ServiceLoader.Provider<RunnerFactory>> factories = new ArrayList<>();
        try {
            // One that is listed twice is found once.
            ServiceLoader.load(RunnerFactory.class, loader).stream().forEach(factories::add);
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new MissingClassException(
                    "The service that makes the runner cannot be found: " + e.getMessage()
                            + ". Mend it, or name a runner. " + HOW_TO_NAME_ONE,
                    e);
        }
        if (factories.size() > 1) {
            throw new ConfigurationException("Found " + factories.size() + " services of type "
                    + RunnerFactory.class.getName() + ": "
                    + String.join(
                            ", ",
                            factories.stream()
                                    .map(factory -> factory.type().getName())
                                    .sorted()
                                    .toList())
                    + ". Leave one, or name a runner. " + HOW_TO_NAME_ONE);
        }
        return factories.stream().findFirst().map(this::make);
    }

    private Runner make(ServiceLoader.Provider<RunnerFactory> provider) {
        String name = provider.type().getName();
        RunnerFactory factory;
        try {
            factory = provider.get();
        } catch (ServiceConfigurationError e) {
            throw failed("The service " + name, e.getCause() == null ? e : e.getCause());
        } catch (LinkageError e) {
            throw failed("The service " + name, e);
        }
        Runner runner;
        try {
            runner = factory.createRunner();
        } catch (Throwable e) {
            throw failed("The runner " + name + "::createRunner", e);
        }
        return require(runner, name + "::createRunner");
    }

    Runner make(RunnerMember member) {
        return require(valueOf(member), member.name());
    }

    /** What a member has; null if it has nothing, which may be so for a field that is filled later. */
    @Nullable Object valueOf(RunnerMember member) {
        try {
            Object value = member.value();
            if (value instanceof Runner runner) {
                names.putIfAbsent(runner, member.name());
            }
            return value;
        } catch (Throwable e) {
            throw failed("The runner " + member.name(), e);
        }
    }

    /** The name of the member that a runner was found by. */
    String nameOf(Runner runner) {
        return names.getOrDefault(runner, runner.getClass().getName());
    }

    private Runner require(@Nullable Object runner, String name) {
        if (runner instanceof Runner made) {
            names.putIfAbsent(made, name);
            return made;
        }
        throw new ConfigurationException("The runner " + name + " is null. Return one there.");
    }

    /** The exception for what the program's code threw; where a class was missing, it may be that only for a moment. */
    private EventSourcingException failed(String what, Throwable thrown) {
        boolean missing = Thrown.chain(thrown).stream()
                .anyMatch(error -> error instanceof NoClassDefFoundError
                        || error instanceof ClassFormatError
                        || error instanceof ClassNotFoundException);
        return failure.of(what, thrown, missing ? wait.hint(classes) : "");
    }

    private List<RunnerMember> offered() {
        return offered(classes.all());
    }

    private static List<RunnerMember> offered(ProgramClasses.Found found) {
        return found.classes().stream()
                .flatMap(type -> RunnerMember.offeredBy(type).stream())
                .toList();
    }
}
