package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.system.Runner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another build empties and fills the folder of classes while a goal looks for the runner. */
class BuildWaitTest {
    private static final String HINT =
            "Another build may just be compiling this module: run the goal again when that has ended.";

    private final CountDownLatch waits = new CountDownLatch(1);
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream() {
        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            waits.countDown();
        }
    };

    /** Where a build puts what it has compiled, before it gets into the folder. */
    @TempDir
    Path built;

    @TempDir
    Path classes;

    @BeforeEach
    void compile() throws IOException {
        Path source = Files.writeString(built.resolve("School.java"), """
                package acme;
                public class School {
                    public static dev.eventsourcing.system.Runner runner() {
                        return Helper.runner();
                    }
                }
                class Helper {
                    static dev.eventsourcing.system.Runner runner() {
                        return %s.runner();
                    }
                }
                """.formatted(Chat.class.getName()));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        built.toString(),
                        source.toString());
        assertThat(result).isZero();
        Files.createDirectory(classes.resolve("acme"));
    }

    @Test
    void looksAgainWhereTheFolderIsEmptyUntilItIsFilled() throws Exception {
        age(Duration.ofHours(1));
        CompletableFuture<Void> build = whenSomebodyWaits(() -> {
            fill("Helper", 1);
            fill("School", 1);
        });

        assertThat(found(Map.of(), Duration.ofMinutes(1))).isPresent();

        build.get(60, TimeUnit.SECONDS);
        assertThat(printed())
                .isEqualTo("Folder " + classes
                        + " has no classes. Another build may just be compiling this module, so its classes"
                        + " are looked at again, for 60 s at most." + System.lineSeparator());
    }

    @Test
    void looksAgainForARunnerThatIsNamed() throws Exception {
        CompletableFuture<Void> build = whenSomebodyWaits(() -> {
            fill("Helper", 1);
            fill("School", 1);
        });

        assertThat(found(Map.of("runner", "acme.School::runner"), Duration.ofMinutes(1)))
                .isPresent();

        build.get(60, TimeUnit.SECONDS);
    }

    @Test
    void looksAgainWhereAClassIsHalfWritten() throws Exception {
        fill("Helper", 1);
        fill("School", 0.5);
        CompletableFuture<Void> build = whenSomebodyWaits(() -> fill("School", 1));

        assertThat(found(Map.of(), Duration.ofMinutes(1))).isPresent();

        build.get(60, TimeUnit.SECONDS);
    }

    @Test
    void saysThatABuildMayBeAtWorkWhereTheClassesDoNotComeBack() throws Exception {
        RunnerSource source = source(Map.of(), Duration.ofMillis(1));

        assertThat(source.findIfAny()).isEmpty();
        assertThat(source.noneFound())
                .hasMessageStartingWith("No runner found: none is named,")
                .hasMessageEndingWith("  Folder " + classes + " has no classes. " + HINT);
        assertThatThrownBy(() -> found(Map.of("runner", "acme.School::runner"), Duration.ofMillis(1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("there is no class acme.School on the class path")
                .hasMessageEndingWith(HINT);
    }

    @Test
    void saysSoWhereAClassThatTheRunnerNeedsIsGone() throws Exception {
        fill("School", 1);

        assertThatThrownBy(() -> found(Map.of(), Duration.ofMillis(1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("The runner acme.School::runner could not be made: ")
                .hasMessageContaining("acme/Helper")
                .hasMessageContaining("Folder " + classes + " was changed ")
                .hasMessageEndingWith(" ms ago. " + HINT);
    }

    @Test
    void waitsForNothingWhereNoBuildIsAtWork() throws Exception {
        fill("Helper", 1);
        age(Duration.ofHours(1));

        RunnerSource source = source(Map.of(), Duration.ofMinutes(1));

        assertThat(source.findIfAny()).isEmpty();
        assertThat(source.noneFound()).hasMessageNotContaining("Another build");
        assertThat(printed()).isEmpty();
    }

    @Test
    void aModuleOfManyWithoutClassesIsNotWaitedFor() throws Exception {
        age(Duration.ofHours(1));

        assertThat(found(Map.of("runner-optional", "true"), Duration.ofMinutes(1)))
                .isEmpty();
        assertThat(printed()).isEmpty();
    }

    @Test
    void saysSoWhereTheFolderIsNotThere() throws Exception {
        Files.delete(classes.resolve("acme"));
        Files.delete(classes);

        RunnerSource source = source(Map.of(), Duration.ofMinutes(1));

        assertThat(source.findIfAny()).isEmpty();
        assertThat(source.noneFound()).hasMessageEndingWith("  Folder " + classes + " is not there. " + HINT);
        Files.createDirectory(classes);
    }

    private Optional<Runner> found(Map<String, String> options, Duration atMost) throws IOException {
        return source(options, atMost).findIfAny();
    }

    private RunnerSource source(Map<String, String> options, Duration atMost) throws IOException {
        Map<String, String> all = new HashMap<>(Map.of("classes", classes.toString()));
        all.putAll(options);
        Console console = new Console(new PrintStream(printed, true, StandardCharsets.UTF_8), false);
        URL[] folder = {classes.toUri().toURL()};
        return new RunnerSource(
                new ToolOptions(all),
                new URLClassLoader(folder, getClass().getClassLoader()),
                BuildWait.telling(console, atMost));
    }

    private CompletableFuture<Void> whenSomebodyWaits(Change change) {
        return CompletableFuture.runAsync(() -> {
            try {
                assertThat(waits.await(60, TimeUnit.SECONDS)).isTrue();
                change.make();
            } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Writes so much of a class. */
    private void fill(String name, double part) throws IOException {
        byte[] all = Files.readAllBytes(built.resolve("acme").resolve(name + ".class"));
        Files.write(classes.resolve("acme").resolve(name + ".class"), Arrays.copyOf(all, (int) (all.length * part)));
    }

    private void age(Duration age) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(classes)) {
            all = files.toList();
        }
        for (Path file : all) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        }
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private interface Change {
        void make() throws IOException;
    }
}
