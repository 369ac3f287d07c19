package dev.eventsourcing;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.EventProcessingException;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.FollowerSync;
import dev.eventsourcing.system.FollowerSyncReport;
import dev.eventsourcing.system.InShort;
import dev.eventsourcing.system.ProcessingEvent;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import dev.eventsourcing.system.SyncMode;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import training.Diplomas;
import training.Dog;
import training.Lesson;
import training.School;
import training.TrainingSchool;
import training.TrickBoard;
import training.TrickCount;
import training.TrickCountMapper;

/** What README.md shows is compiled, and does what it says. */
class ReadmeTest {
    /** The example, its tests, the classes for Spring and Guice, and smaller examples; all are compiled with these tests. */
    private static final List<Path> SOURCES = List.of(
            Path.of("../src/it/quickstart/src/main/java/training"),
            Path.of("src/test/java/dev/eventsourcing/spring"),
            Path.of("src/test/java/dev/eventsourcing/guice"),
            Path.of("src/test/java/dev/eventsourcing/readme"),
            Path.of("src/test/java/training"));

    @Test
    void everyJavaBlockStandsInACompiledSource() throws IOException {
        List<List<String>> sources = sources();

        List<String> blocks = blocks("java");

        assertThat(blocks)
                .hasSizeGreaterThan(7)
                .allSatisfy(block -> assertThat(sources)
                        .as(block)
                        .anyMatch(source -> Collections.indexOfSubList(source, lines(block)) >= 0));
    }

    @Test
    void theSchoolLooksAsItIsDrawn() throws IOException {
        try (Settings settings = new Settings("jdbc:h2:mem:drawn");
                Runner runner = School.runner()) {
            assertThat(runner.system().describe()).isEqualTo("""
                            TrainingSchool  leader     followed by Diplomas, TrickBoard
                            Diplomas        follower   follows TrainingSchool
                            TrickBoard      follower   follows TrainingSchool
                            """);
            assertThat(blocks("mermaid"))
                    .allSatisfy(
                            block -> assertThat(block).isEqualTo(runner.system().describeAsMermaid()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLessonEndsAsTheReadmeSays(Product product) throws IOException {
        try (TestDatabase database = product.empty();
                Settings settings = new Settings(database.url())) {
            migrate();

            String printed = printedBy(() -> Lesson.main(new String[0]));

            assertThat(blocks(""))
                    .anySatisfy(block -> assertThat(lines(printed)).isEqualTo(lines(block)));
            try (Runner runner = School.runner()) {
                assertThat(runner.get(TrainingSchool.class).tricksOf("Fido"))
                        .containsExactly("sit", "fetch", "roll over");
                assertThat(runner.get(Diplomas.class).hasDiploma("Fido")).isTrue();
                assertThat(runner.get(Diplomas.class).hasDiploma("Rex")).isFalse();
                assertThat(runner.get(TrickBoard.class).counts())
                        .containsExactly(
                                new TrickCount("sit", 2), new TrickCount("fetch", 1), new TrickCount("roll over", 1));
            }
            assertThat(database.column(
                            "SELECT topic FROM stored_events WHERE application_name = 'TrainingSchool' ORDER BY id"))
                    .containsExactly(
                            "Dog.Registered",
                            "Dog.TrickAdded",
                            "Dog.TrickAdded",
                            "Dog.TrickAdded",
                            "Dog.Registered",
                            "Dog.TrickAdded");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDryRunLeavesEventsPositionsAndTheReadModelAsTheyWere(Product product) {
        try (TestDatabase database = product.empty();
                Settings settings = new Settings(database.url())) {
            migrate();
            try (Runner runner = School.runner()) {
                train(runner);
                FollowerSync sync = new FollowerSync(runner);

                FollowerSyncReport rehearsal = sync.sync(List.of(), SyncMode.DRY_RUN);

                assertThat(rehearsal.results())
                        .extracting(InShort::of)
                        .containsExactly(
                                "Diplomas DRY_RUN {TrainingSchool=4}", "TrickBoard DRY_RUN {TrainingSchool=3}");
                assertThat(database.count("trick_counts")).isZero();
                assertThat(database.count("notification_tracking")).isZero();
                assertThat(database.count("stored_events")).isEqualTo(4);

                assertThat(sync.sync(List.of(), SyncMode.PROCESS).failures()).isEmpty();

                assertThat(database.count("trick_counts")).isEqualTo(3);
                assertThat(runner.get(Diplomas.class).hasDiploma("Fido")).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPolicyThatFailsLeavesNeitherRowsNorPositionOfItsEvent(Product product) {
        try (TestDatabase database = product.migrated();
                MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource(), TrickCountMapper.class);
                Runner runner = new SingleThreadedRunner(
                        EventDrivenSystem.of(pipe(TrainingSchool.class, Clumsy.class)), recorders)) {
            recorders.mapper(TrickCountMapper.class).createTable();
            train(runner, "sit", "fetch", "roll over");
            Clumsy clumsy = runner.get(Clumsy.class);

            FollowerSyncReport report = new FollowerSync(runner).sync(List.of(), SyncMode.PROCESS);

            assertThat(report.failures()).singleElement().satisfies(failed -> {
                assertThat(failed.events()).containsExactly(Map.entry("TrainingSchool", 2L));
                assertThat(failed.failure()).hasValueSatisfying(failure -> {
                    assertThat(failure.topic()).isEqualTo("Dog.TrickAdded");
                    assertThat(failure.cause()).isInstanceOf(EventProcessingException.class);
                });
            });
            assertThat(database.column("SELECT trick FROM trick_counts")).containsExactly("sit");
            assertThat(database.column("SELECT notification_id FROM notification_tracking"))
                    .isEqualTo(database.column(
                            "SELECT id FROM stored_events WHERE originator_version = 2 AND topic = 'Dog.TrickAdded'"));

            clumsy.drops = "nothing";
            assertThat(clumsy.pullAndProcess("TrainingSchool")).isEqualTo(2);
            assertThat(database.column("SELECT trick FROM trick_counts WHERE dogs = 1 ORDER BY trick"))
                    .containsExactly("fetch", "roll over", "sit");
        }
    }

    private static void migrate() {
        try (Runner runner = School.runner()) {
            runner.get(TrainingSchool.class).migrations().orElseThrow().migrate();
        }
    }

    private static void train(Runner runner) {
        runner.get(TrickBoard.class).createTable();
        train(runner, "sit", "fetch", "roll over");
    }

    private static void train(Runner runner, String... tricks) {
        TrainingSchool school = runner.get(TrainingSchool.class);
        school.register("Fido");
        for (String trick : tricks) {
            school.addTrick("Fido", trick);
        }
    }

    private static String printedBy(Runnable work) {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static List<String> blocks(String language) throws IOException {
        Matcher matcher = Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../README.md")));
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    private static List<List<String>> sources() throws IOException {
        List<List<String>> sources = new ArrayList<>();
        for (Path folder : SOURCES) {
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(file -> sources.add(lines(read(file))));
            }
        }
        return sources;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines without indentation, and without those that are blank. */
    private static List<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    /** The databases. */
    enum Product {
        H2,
        POSTGRESQL;

        TestDatabase empty() {
            return this == H2 ? H2Database.empty() : PostgresDatabase.empty();
        }

        TestDatabase migrated() {
            return this == H2 ? H2Database.migrated() : PostgresDatabase.migrated();
        }
    }

    /** The settings of a program, for as long as it is open. */
    private static final class Settings implements AutoCloseable {
        private static final Pattern PASSWORD = Pattern.compile("[?&]password=([^&]*)");

        Settings(String url) {
            Matcher password = PASSWORD.matcher(url);
            if (password.find()) {
                System.setProperty("eventsourcing.password", password.group(1));
            }
            System.setProperty("eventsourcing.url", url.replaceAll("password=[^&]*&?", ""));
        }

        @Override
        public void close() {
            System.clearProperty("eventsourcing.url");
            System.clearProperty("eventsourcing.password");
        }
    }

    /** Counts as the board does, and then drops one. */
    private static final class Clumsy extends Follower {
        private final TrickCountMapper counts;
        private String drops = "fetch";

        Clumsy(MyBatisRecorders recorders) {
            super(recorders);
            counts = recorders.mapper(TrickCountMapper.class);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            if (event.payload() instanceof Dog.TrickAdded added) {
                if (counts.addDog(added.trick()) == 0) {
                    counts.insertFirstDog(added.trick());
                }
                if (added.trick().equals(drops)) {
                    throw new IllegalStateException("dropped " + added.trick());
                }
            }
        }
    }
}
