package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The program's own classes: those in the folders that its build fills. None of them is initialised here. */
final class ProgramClasses {
    private final String folders;
    private final ClassLoader loader;

    /** Takes folders, separated as on a class path; what is no folder is passed by. */
    ProgramClasses(String folders, ClassLoader loader) {
        this.folders = folders;
        this.loader = loader;
    }

    /** The classes in their order, and in the other list what could not be loaded, each with why. */
    Found all() {
        Found found = new Found(new ArrayList<>(), new ArrayList<>());
        for (Path root : roots()) {
            for (String name : names(root)) {
                try {
                    Class<?> type = Class.forName(name, false, loader);
                    // Looks at what it declares, which fails where something is missing.
                    RunnerMember.offeredBy(type);
                    found.classes().add(type);
                } catch (ClassNotFoundException e) {
                    found.unusable().add(name + " is not on the class path");
                } catch (LinkageError e) {
                    found.unusable().add(unlinked(name, e));
                }
            }
        }
        return found;
    }

    /** Whether a class, by its name, is one of the program's own. */
    boolean contain(String className) {
        String file = className.replace('.', File.separatorChar) + ".class";
        return roots().stream().anyMatch(root -> Files.isRegularFile(root.resolve(file)));
    }

    /** Whether there are folders to look into. */
    boolean isKnown() {
        return !folders.isBlank();
    }

    /** Why a class cannot be used, as a sentence without its end. */
    static String unlinked(String className, LinkageError error) {
        if (error.getCause() instanceof ClassNotFoundException missing) {
            return className + " needs class "
                    + String.valueOf(missing.getMessage()).replace('/', '.') + ", which is not on the class path";
        }
        return className + " cannot be loaded: " + error;
    }

    private List<Path> roots() {
        return Stream.of(folders.split(File.pathSeparator, -1))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .filter(Files::isDirectory)
                .toList();
    }

    private static List<String> names(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace(File.separatorChar, '.'))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new ConfigurationException("The classes in " + root + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * What was found.
     *
     * @param classes those that could be loaded
     * @param unusable the others, each a sentence without its end
     */
    record Found(List<Class<?>> classes, List<String> unusable) {}
}
