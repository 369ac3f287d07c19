package dev.eventsourcing.tool;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The program's own classes: those in the folders that its build fills. None of them is initialised here. */
final class ProgramClasses {
    /** For how long a folder counts as one that a build is changing. */
    private static final Duration YOUNG = Duration.ofSeconds(2);

    private static final String SUFFIX = ".class";

    private final String folders;
    private final ClassLoader loader;

    /** Takes folders, separated as on a class path; what is no folder is passed by. */
    ProgramClasses(String folders, ClassLoader loader) {
        this.folders = folders;
        this.loader = loader;
    }

    /** The classes in their order, and in the other list what could not be loaded, each with why. */
    Found all() {
        List<Class<?>> classes = new ArrayList<>();
        List<String> unusable = new ArrayList<>();
        boolean inPart = false;
        for (Path root : roots()) {
            for (String name : names(root)) {
                try {
                    Class<?> type = Class.forName(name, false, loader);
                    // Looks at what it declares, which fails where something is missing.
                    RunnerMember.offeredBy(type);
                    classes.add(type);
                } catch (ClassNotFoundException e) {
                    unusable.add(name + " is not on the class path");
                    // It may be gone since the folder was listed.
                    inPart |= !contain(name);
                } catch (LinkageError e) {
                    unusable.add(unlinked(name, e));
                    inPart |= e instanceof ClassFormatError || isOfOurs(e);
                }
            }
        }
        return new Found(classes, unusable, inPart);
    }

    /** Whether a class, by its name, is one of the program's own. */
    boolean contain(String className) {
        String file = className.replace('.', File.separatorChar) + ".class";
        return roots().stream().anyMatch(root -> Files.isRegularFile(root.resolve(file)));
    }

    /**
     * What a build seems to do with the folders, as a sentence without its end that begins with the folder; empty if it seems to do
     * nothing.
     *
     * @param emptyToo whether that a folder has no classes is such a thing
     */
    Optional<String> change(boolean emptyToo) {
        for (Path root : roots()) {
            try (Stream<Path> files = Files.walk(root)) {
                List<Path> all = files.toList();
                if (emptyToo && all.stream().noneMatch(file -> file.toString().endsWith(SUFFIX))) {
                    return Optional.of(root + " has no classes");
                }
                Instant newest = Instant.EPOCH;
                for (Path file : all) {
                    Instant changed = Files.getLastModifiedTime(file).toInstant();
                    newest = changed.isAfter(newest) ? changed : newest;
                }
                Duration age = Duration.between(newest, Instant.now());
                if (!age.isNegative() && age.compareTo(YOUNG) < 0) {
                    return Optional.of(root + " was changed " + age.toMillis() + " ms ago");
                }
            } catch (IOException | UncheckedIOException e) {
                return Optional.of(root + " changes while it is looked at");
            }
        }
        return Optional.empty();
    }

    /** Which folder is not there, as a sentence without its end. A JVM that was started without it finds nothing there later either. */
    Optional<String> missingFolder() {
        return Stream.of(folders.split(File.pathSeparator, -1))
                .filter(folder -> !folder.isBlank() && !Files.isDirectory(Path.of(folder)))
                .map(folder -> folder + " is not there")
                .findFirst();
    }

    /** Whether the class that is missing would be in a package of the program's own. */
    private boolean isOfOurs(LinkageError error) {
        if (!(error instanceof NoClassDefFoundError) || error.getMessage() == null) {
            return false;
        }
        int end = error.getMessage().lastIndexOf('/');
        return end > 0
                && roots().stream()
                        .anyMatch(root -> Files.isDirectory(
                                root.resolve(error.getMessage().substring(0, end))));
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
                    .filter(file -> file.endsWith(SUFFIX) && !file.endsWith("-info" + SUFFIX))
                    .map(file ->
                            file.substring(0, file.length() - SUFFIX.length()).replace(File.separatorChar, '.'))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new MissingClassException("The classes in " + root + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * What was found.
     *
     * @param classes those that could be loaded
     * @param unusable the others, each a sentence without its end
     * @param inPart whether some of the others are not there, or not whole, as while a build writes them
     */
    record Found(List<Class<?>> classes, List<String> unusable, boolean inPart) {}
}
