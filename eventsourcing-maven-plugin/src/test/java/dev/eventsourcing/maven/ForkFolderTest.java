package dev.eventsourcing.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForkFolderTest {
    private final Log log = new SystemStreamLog();

    @TempDir
    Path build;

    @Test
    void itsFilesAreItsOwnersAlone() throws IOException {
        assumeTrue(build.getFileSystem().supportedFileAttributeViews().contains("posix"));
        try (ForkFolder folder = ForkFolder.in(build, log)) {
            Path arguments = folder.arguments();
            new ArgumentFile().add(List.of("-Dsecret=canary")).write(arguments);

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(arguments)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(arguments.getParent())))
                    .isEqualTo("rwx------");
        }
        assertThat(build).isEmptyDirectory();
    }

    @Test
    void removesWhatAKilledMavenHasLeftBehindADayAgo() throws IOException {
        Path ofEarlierVersion = left("eventsourcing-5311977634612345678", Duration.ofHours(25), "java.args");
        Path ofDeadProcess = left("eventsourcing-" + Long.MAX_VALUE / 10 + "-42", Duration.ofHours(25), "java.args");
        Path withReport = left("eventsourcing-43", Duration.ofDays(9), "java.args", "report.properties");

        ForkFolder.in(build, log).close();

        assertThat(ofEarlierVersion).doesNotExist();
        assertThat(ofDeadProcess).doesNotExist();
        assertThat(withReport).doesNotExist();
    }

    @Test
    void keepsWhatIsYoungOrInUseOrNotItsOwn() throws IOException {
        Path young = left("eventsourcing-44", Duration.ofHours(23), "java.args");
        Path inUse = left("eventsourcing-" + ProcessHandle.current().pid() + "-45", Duration.ofHours(25), "java.args");
        Path otherName = left("eventsourcing-reports", Duration.ofHours(25), "java.args");
        Path ofUser = left("eventsourcing-46", Duration.ofHours(25), "mine.txt");
        Path file = Files.writeString(build.resolve("eventsourcing-47"), "mine");
        age(file, Duration.ofHours(25));

        ForkFolder.in(build, log).close();

        assertThat(young.resolve("java.args")).exists();
        assertThat(inUse.resolve("java.args")).exists();
        assertThat(otherName.resolve("java.args")).exists();
        assertThat(ofUser.resolve("mine.txt")).exists();
        assertThat(file).exists();
    }

    private Path left(String name, Duration age, String... files) throws IOException {
        Path folder = Files.createDirectory(build.resolve(name));
        for (String file : files) {
            Files.writeString(folder.resolve(file), "-Dsecret=canary");
        }
        age(folder, age);
        return folder;
    }

    private static void age(Path file, Duration age) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }
}
