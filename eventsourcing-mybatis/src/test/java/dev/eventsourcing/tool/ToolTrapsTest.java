package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.Pipe;
import dev.eventsourcing.system.ProcessingEvent;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import dev.eventsourcing.testsupport.H2Database;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import training.TrainingSchool;

/** What looked harmless and was not, each with what it had broken. */
public class ToolTrapsTest {
    /** A flag of another goal is not taken for nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"batch-size", "from", "output", "database"})
    void migrateDoesNotMigrateWithFlagsThatItDoesNotHave(String flag) {
        try (H2Database database = H2Database.empty()) {
            Console console =
                    new Console(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8), false);

            assertThatThrownBy(() -> new MigrateCommand(
                                    new ToolOptions(Map.of(flag, "true", "eventsourcing.url", database.url())),
                                    console,
                                    ToolTrapsTest.class.getClassLoader())
                            .run())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("has no option -D" + flag);
            assertThat(database.column(
                            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'PUBLIC'"))
                    .isEmpty();
        }
    }

    /** The style of other tools: drivers take it for a host, and show it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://app:s3cret@localhost/school",
                "jdbc:postgresql://app:s3cret@localhost:1/school"
            })
    void aPasswordInTheAuthorityOfAUrlIsShownNowhere(String url) {
        List<String> shown = new ArrayList<>();
        Handler listening = new Handler() {
            @Override
            public void publish(LogRecord line) {
                shown.add("log " + line.getLevel() + ": " + new SimpleFormatter().format(line));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger root = Logger.getLogger("");
        root.addHandler(listening);
        try (RecorderFactory recorders = new MyBatisRecorders.Provider()
                .open(Settings.of(Map.of("eventsourcing.url", url, "eventsourcing.user", "app")))) {
            recorders.processRecorder("Dogs").maxNotificationId();
        } catch (ConfigurationException | PersistenceException e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            shown.add("message: " + e.getMessage());
            shown.add("trace, as with -X: " + trace);
        } finally {
            root.removeHandler(listening);
        }

        assertThat(shown).isNotEmpty().allSatisfy(text -> assertThat(text).doesNotContain("s3cret"));
    }

    /** A runner that cannot reach its database while it is made. */
    public static final class Away {
        public static Runner runner() {
            throw new CannotConnectException("no connection to the database", null);
        }
    }

    @Test
    void aRunnerThatCannotReachItsDatabaseIsNotAUsageError() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false);

        Throwable error = org.assertj.core.api.Assertions.catchThrowable(() -> new SyncFollowersCommand(
                        new ToolOptions(Map.of("runner", Away.class.getName() + "::runner")),
                        console,
                        ToolTrapsTest.class.getClassLoader())
                .run());

        // EventSourcingTool.code() makes 2, usage, of it; 3 would be the truth.
        assertThat(error).isInstanceOf(CannotConnectException.class);
    }

    /** Fails at its second event. */
    public static final class Failing extends Follower {
        public Failing(RecorderFactory recorders) {
            super("Failing", recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            if (event.originatorVersion() == 2) {
                throw new IllegalStateException("no");
            }
        }

        public static Runner runner() {
            SingleThreadedRunner runner = new SingleThreadedRunner(
                    EventDrivenSystem.of(Pipe.pipe(TrainingSchool.class, Failing.class)), new InMemoryRecorders());
            runner.get(TrainingSchool.class).register("Fido");
            runner.get(TrainingSchool.class).addTrick("Fido", "sit");
            return runner;
        }
    }

    @Test
    void aDryRunThatFailsHasDoneNothingInPart() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false);

        Outcome outcome = new SyncFollowersCommand(
                        new ToolOptions(Map.of("runner", Failing.class.getName() + "::runner", "dry-run", "true")),
                        console,
                        ToolTrapsTest.class.getClassLoader())
                .run();

        assertThat(outcome.code()).isEqualTo(ExitCode.FINDINGS);
    }

    /** Records in the schema of its connections, and takes no settings. */
    public static final class InPublic {
        static H2Database database = H2Database.empty();

        public static Runner runner() {
            return new SingleThreadedRunner(
                    EventDrivenSystem.of(Pipe.pipe(TrainingSchool.class)),
                    MyBatisRecorders.over(database.dataSource()));
        }
    }

    /** A schema that was asked for and is not taken is no reason to migrate another. */
    @Test
    void migrateDoesNotMigrateAnotherSchemaThanTheOneAskedFor() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(new PrintStream(out, true, StandardCharsets.UTF_8), false);
        try {
            new MigrateCommand(
                            new ToolOptions(Map.of(
                                    "runner", InPublic.class.getName() + "::runner", "eventsourcing.schema", "events")),
                            console,
                            ToolTrapsTest.class.getClassLoader())
                    .run();
        } catch (ConfigurationException refused) {
            // A refusal is as good.
        }

        assertThat(InPublic.database.column(
                        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'PUBLIC'"))
                .isEmpty();
    }
}
