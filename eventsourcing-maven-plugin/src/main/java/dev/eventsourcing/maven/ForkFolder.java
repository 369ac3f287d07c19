package dev.eventsourcing.maven;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.plugin.logging.Log;

/**
 * The files by which this JVM and the one that it starts speak to each other, in a folder of their own below the build's. They are
 * readable by their owner alone, as arguments of a JVM may hold secrets. A Maven that is killed leaves them behind: the next goal
 * removes those that are older than a day.
 */
final class ForkFolder implements AutoCloseable {
    private static final Duration OLD = Duration.ofDays(1);

    /** The name, with the process that has made it; earlier versions left that out. */
    private static final Pattern NAME = Pattern.compile("eventsourcing-(?:(\\d{1,18})-)?\\d+");

    private static final String ARGUMENTS = "java.args";
    private static final String REPORT = "report.properties";

    private final Path folder;

    private ForkFolder(Path folder) {
        this.folder = folder;
    }

    /** Makes one, and removes those that were left behind. */
    static ForkFolder in(Path buildFolder, Log log) throws IOException {
        Files.createDirectories(buildFolder);
        // On systems with POSIX permissions it is its owner's alone.
        Path folder = Files.createTempDirectory(
                buildFolder, "eventsourcing-" + ProcessHandle.current().pid() + "-");
        try {
            removeOld(buildFolder, Files.getOwner(folder), log);
        } catch (IOException | UnsupportedOperationException e) {
            // The goal does not need it.
            log.debug(e);
        }
        return new ForkFolder(folder);
    }

    /** The file for the JVM's arguments, made empty. */
    Path arguments() throws IOException {
        Path file = folder.resolve(ARGUMENTS);
        return Files.exists(file) ? file : ownersAlone(file);
    }

    private static Path ownersAlone(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                : Files.createFile(file);
    }

    /** The file that the tool reports in. */
    Path report() {
        return folder.resolve(REPORT);
    }

    @Override
    public void close() throws IOException {
        remove(folder);
    }

    private static void removeOld(Path buildFolder, UserPrincipal owner, Log log) throws IOException {
        FileTime old = FileTime.from(Instant.now().minus(OLD));
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(buildFolder, "eventsourcing-*")) {
            for (Path left : folders) {
                if (isOfNobody(left)
                        && Files.isDirectory(left, LinkOption.NOFOLLOW_LINKS)
                        && Files.getLastModifiedTime(left).compareTo(old) < 0
                        && Files.getOwner(left).equals(owner)) {
                    remove(left);
                    log.debug("Removed " + left + ", which a Maven that was killed has left behind.");
                }
            }
        }
    }

    /** Whether it is named as these folders are, by a process that is not there any more. */
    private static boolean isOfNobody(Path folder) {
        Matcher name = NAME.matcher(String.valueOf(folder.getFileName()));
        return name.matches()
                && (name.group(1) == null
                        || ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty());
    }

    /** Removes the files, and the folder unless there is something else in it. */
    private static void remove(Path folder) throws IOException {
        for (String file : List.of(ARGUMENTS, REPORT)) {
            Files.deleteIfExists(folder.resolve(file));
        }
        Files.deleteIfExists(folder);
    }
}
