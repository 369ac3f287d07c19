package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.RunnerFactory;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the program's runner: the one that is named, else the one that {@link ServiceLoader} knows, else the only one in the
 * program's own classes. Classes that are merely looked at are not initialised.
 */
final class RunnerSource {
    private static final String HOW_TO_NAME_ONE =
            "Name a public static method without parameters, or a public static field,"
                    + " whose type is dev.eventsourcing.system.Runner: -Drunner=com.acme.School::runner";

    private final ToolOptions options;
    private final ClassLoader loader;

    RunnerSource(ToolOptions options, ClassLoader loader) {
        this.options = options;
        this.loader = loader;
    }

    /** What to say where there has to be a runner and is none. */
    ConfigurationException noneFound() {
        return new ConfigurationException("No runner found: none is named, none is provided as a service "
                + RunnerFactory.class.getName() + ", and no public class in "
                + options.text(ToolOptions.CLASSES).orElse("(no folder of classes)") + " offers one. "
                + HOW_TO_NAME_ONE);
    }

    /**
     * The runner; empty if there is none and none was named.
     *
     * @throws ConfigurationException if there are several, or it cannot be made
     */
    Optional<Runner> findIfAny() {
        Optional<String> named = options.text(ToolOptions.RUNNER);
        if (named.isPresent()) {
            return Optional.of(named(named.get()));
        }
        Optional<Runner> provided = provided();
        return provided.isPresent() ? provided : scanned();
    }

    private Runner named(String name) {
        String separator = name.contains("::") ? "::" : ".";
        int end = name.lastIndexOf(separator);
        if (end <= 0 || end + separator.length() == name.length()) {
            throw new ConfigurationException(
                    "-Drunner=" + name + " does not name a member of a class. " + HOW_TO_NAME_ONE);
        }
        String className = name.substring(0, end);
        String memberName = name.substring(end + separator.length());
        Class<?> type;
        try {
            type = Class.forName(className, false, loader);
        } catch (ClassNotFoundException e) {
            throw new ConfigurationException(
                    "-Drunner=" + name + ": there is no class " + className + " on the class path. Is it compiled? "
                            + HOW_TO_NAME_ONE,
                    e);
        } catch (LinkageError e) {
            throw new ConfigurationException(
                    "-Drunner=" + name + ": class " + className + " cannot be loaded: " + e, e);
        }
        Member member = runnerMembers(type).stream()
                .filter(candidate -> candidate.getName().equals(memberName))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("-Drunner=" + name + ": " + className
                        + " is not public, or has no public static method without parameters and no public static field "
                        + memberName + " whose type is Runner. It has: "
                        + runnerMembers(type).stream().map(Member::getName).toList() + "."));
        return make(member);
    }

    private Optional<Runner> provided() {
        try {
            List<ServiceLoader.Provider<RunnerFactory>> factories =
                    ServiceLoader.load(RunnerFactory.class, loader).stream().toList();
            if (factories.size() > 1) {
                throw new ConfigurationException("Found " + factories.size() + " services of type "
                        + RunnerFactory.class.getName() + ": "
                        + factories.stream()
                                .map(factory -> factory.type().getName())
                                .sorted()
                                .toList()
                        + ". Leave one, or name a runner. " + HOW_TO_NAME_ONE);
            }
            return factories.stream().findFirst().map(factory -> {
                Runner runner = factory.get().createRunner();
                return requireRunner(runner, factory.type().getName() + ".createRunner()");
            });
        } catch (ServiceConfigurationError e) {
            throw new ConfigurationException("The service that makes the runner cannot be used: " + e.getMessage(), e);
        }
    }

    private Optional<Runner> scanned() {
        Set<String> names = new TreeSet<>();
        List<Member> found = new ArrayList<>();
        for (Class<?> type : ownClasses()) {
            for (Member member : runnerMembers(type)) {
                if (names.add(type.getName() + "::" + member.getName())) {
                    found.add(member);
                }
            }
        }
        if (names.size() > 1) {
            StringBuilder lines = new StringBuilder("Found " + names.size() + " runners. Say which one with one of:");
            names.forEach(name ->
                    lines.append(System.lineSeparator()).append("  -Drunner=").append(name));
            throw new ConfigurationException(lines.toString());
        }
        return found.stream().findFirst().map(RunnerSource::make);
    }

    private List<Class<?>> ownClasses() {
        List<Class<?>> classes = new ArrayList<>();
        for (String folder : options.text(ToolOptions.CLASSES).orElse("").split(File.pathSeparator, -1)) {
            Path root = Path.of(folder);
            if (folder.isEmpty() || !Files.isDirectory(root)) {
                continue;
            }
            try (Stream<Path> files = Files.walk(root)) {
                files.map(file -> root.relativize(file).toString())
                        .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                        .map(file -> file.substring(0, file.length() - ".class".length())
                                .replace(File.separatorChar, '.'))
                        .sorted()
                        .forEach(name -> load(name).ifPresent(classes::add));
            } catch (IOException e) {
                throw new ConfigurationException("The classes in " + root + " cannot be read: " + e.getMessage(), e);
            }
        }
        return classes;
    }

    /** A class, if what it refers to is there; one that does not link cannot offer a runner. */
    private Optional<Class<?>> load(String name) {
        try {
            return Optional.of(Class.forName(name, false, loader));
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty();
        }
    }

    private static List<Member> runnerMembers(Class<?> type) {
        List<Member> members = new ArrayList<>();
        if (!isPublic(type)) {
            return members;
        }
        try {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getParameterCount() == 0
                        && !method.isSynthetic()
                        && Runner.class.isAssignableFrom(method.getReturnType())) {
                    members.add(method);
                }
            }
            for (Field field : type.getDeclaredFields()) {
                if (Runner.class.isAssignableFrom(field.getType())) {
                    members.add(field);
                }
            }
        } catch (LinkageError e) {
            return List.of();
        }
        members.removeIf(
                member -> !Modifier.isPublic(member.getModifiers()) || !Modifier.isStatic(member.getModifiers()));
        return members;
    }

    private static boolean isPublic(Class<?> type) {
        for (Class<?> outer = type; outer != null; outer = outer.getDeclaringClass()) {
            if (!Modifier.isPublic(outer.getModifiers())) {
                return false;
            }
        }
        return true;
    }

    private static Runner make(Member member) {
        String name = member.getDeclaringClass().getName() + "::" + member.getName();
        try {
            Object runner = member instanceof Method method ? method.invoke(null) : ((Field) member).get(null);
            return requireRunner(runner, name);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof CannotConnectException unreachable) {
                throw unreachable;
            }
            throw new ConfigurationException("The runner " + name + " could not be made: " + e.getCause(), e);
        } catch (IllegalAccessException | LinkageError e) {
            throw new ConfigurationException("The runner " + name + " could not be made: " + e, e);
        }
    }

    private static Runner requireRunner(@Nullable Object runner, String name) {
        if (runner instanceof Runner made) {
            return made;
        }
        throw new ConfigurationException("The runner " + name + " is null. Return one there.");
    }
}
