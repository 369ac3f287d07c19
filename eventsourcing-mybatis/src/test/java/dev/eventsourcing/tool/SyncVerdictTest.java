package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.RowChanges;
import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.FollowerSyncReport;
import dev.eventsourcing.system.SyncEnd;
import dev.eventsourcing.system.SyncMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyncVerdictTest {
    private static final IllegalStateException NO = new IllegalStateException("no");

    @ParameterizedTest
    @EnumSource(
            value = SyncEnd.class,
            names = {"COMPLETE", "OPEN_APPEND", "MAX_EVENTS", "TIME_BUDGET"})
    void findsNothingWrongWithWhatIsLeftForAReason(SyncEnd ended) {
        SyncVerdict verdict = of(Results.unfinished("A", ended));

        assertThat(verdict).isEqualTo(new SyncVerdict(ExitCode.FINE, "", false));
        assertThat(verdict.isOfFollowers()).isFalse();
    }

    @Test
    void callsAStoppedRunPartialAndSaysWhereItStands() {
        SyncVerdict verdict = SyncVerdict.of(
                report(Results.unfinished("A", SyncEnd.STOPPED), Results.failed("B", "no", NO)),
                Optional.of("SIGTERM"));

        assertThat(verdict.code()).isEqualTo(ExitCode.PARTIAL);
        assertThat(verdict.stopped()).isTrue();
        assertThat(verdict.message().lines())
                .containsExactly(
                        "Stopped by SIGTERM. A has come to 12 in the log of School; 1200 events are left. Run it again to go on.",
                        "Follower B failed: no");
        assertThat(verdict.isOfFollowers()).isFalse();
        assertThat(SyncVerdict.of(report(Results.ok("A")), Optional.of("SIGTERM"))
                        .code())
                .isEqualTo(ExitCode.PARTIAL);
    }

    /** What users throw may have methods that throw. */
    @Test
    void tellsOfWhatCannotBeAskedForItsMessage() {
        SyncVerdict verdict = SyncVerdict.of(new RuntimeException() {
            @Override
            public String getMessage() {
                throw new IllegalStateException("no message");
            }

            @Override
            public String toString() {
                throw new IllegalStateException("no text");
            }
        });

        assertThat(verdict.code()).isEqualTo(ExitCode.FINDINGS);
        assertThat(verdict.message()).contains(SyncVerdictTest.class.getName());
    }

    @Test
    void tellsApartWhetherSomethingWasDone() {
        FollowerResult nothing = new FollowerResult(
                "B",
                SyncMode.PROCESS,
                List.of(Results.leader(Map.of(), 0, 0, SyncEnd.FAILED)),
                Map.of(),
                List.of(),
                RowChanges.UNKNOWN,
                Duration.ZERO,
                new FollowerResult.Failure("School", 1, "T", "no", NO));

        assertThat(of(nothing).code()).isEqualTo(ExitCode.FINDINGS);
        assertThat(of(nothing, Results.ok("A")).code()).isEqualTo(ExitCode.PARTIAL);
        assertThat(of(Results.failed("B", "no", NO)).code()).isEqualTo(ExitCode.PARTIAL);
        assertThat(of(Results.failed("B", "no", NO)).isOfFollowers()).isTrue();
    }

    @Test
    void callsItOfflineWhereNoDatabaseAnswered() {
        CannotConnectException away = new CannotConnectException("away", NO);

        SyncVerdict verdict = of(Results.failed("B", "away", away));

        assertThat(verdict.code()).isEqualTo(ExitCode.CANNOT_CONNECT);
        assertThat(verdict.word()).isEqualTo("cannot-connect");
        assertThat(verdict.isOfFollowers()).isFalse();
        assertThat(of(Results.failed("B", "away", away), Results.failed("C", "no", NO))
                        .code())
                .isEqualTo(ExitCode.PARTIAL);
    }

    @Test
    void isOfWhatHasEndedTheRun() {
        assertThat(SyncVerdict.of(new ConfigurationException("bad flag")))
                .isEqualTo(new SyncVerdict(ExitCode.USAGE, "bad flag", false));
        assertThat(SyncVerdict.of(new StackOverflowError()))
                .isEqualTo(new SyncVerdict(ExitCode.FINDINGS, "java.lang.StackOverflowError", false));
    }

    private static SyncVerdict of(FollowerResult... results) {
        return SyncVerdict.of(report(results), Optional.empty());
    }

    private static FollowerSyncReport report(FollowerResult... results) {
        return new FollowerSyncReport(SyncMode.PROCESS, List.of(results), Duration.ofSeconds(1));
    }
}
