package dev.eventsourcing.tool;

import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.FollowerSyncReport;
import dev.eventsourcing.system.SyncMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is to be thought of a synchronisation: nothing is wrong with one that leaves events where it was asked to, or has to.
 *
 * @param code how it ended
 * @param message what is wrong; empty if nothing is
 * @param stopped whether it was told to stop before it was done
 */
record SyncVerdict(ExitCode code, String message, boolean stopped) {
    /**
     * Of what a synchronisation reports.
     *
     * @param stoppedBy who told it to stop; empty if nobody has
     */
    static SyncVerdict of(FollowerSyncReport report, Optional<String> stoppedBy) {
        List<String> wrong = new ArrayList<>();
        stoppedBy.ifPresent(by -> wrong.add(Stand.of(report, by)));
        for (FollowerResult failed : report.failures()) {
            wrong.add("Follower " + failed.follower() + " failed: "
                    + failed.failure().map(FollowerResult.Failure::message).orElse(""));
        }
        return new SyncVerdict(
                stoppedBy.isPresent() ? ExitCode.PARTIAL : code(report),
                String.join(System.lineSeparator(), wrong),
                stoppedBy.isPresent());
    }

    /** Of what has ended a synchronisation before it could report. */
    static SyncVerdict of(Throwable error) {
        String message = Thrown.messageOrNull(error);
        return new SyncVerdict(ExitCode.of(error), message == null ? Thrown.text(error) : message, false);
    }

    private static ExitCode code(FollowerSyncReport report) {
        List<FollowerResult> failures = report.failures();
        if (failures.isEmpty()) {
            return ExitCode.FINE;
        }
        boolean allOffline = failures.size() == report.results().size()
                && failures.stream()
                        .flatMap(failure -> failure.failure().stream())
                        .allMatch(failure -> failure.cause() instanceof CannotConnectException);
        if (allOffline) {
            return ExitCode.CANNOT_CONNECT;
        }
        return report.results().stream().allMatch(SyncVerdict::hasDoneNothing) ? ExitCode.FINDINGS : ExitCode.PARTIAL;
    }

    private static boolean hasDoneNothing(FollowerResult result) {
        return result.mode() != SyncMode.PROCESS
                || (result.failure().isPresent()
                        && result.parked().isEmpty()
                        && result.events().values().stream().allMatch(events -> events == 0));
    }

    /** Whether it is only followers that failed: a database that is away, or a run that was stopped, is another matter. */
    boolean isOfFollowers() {
        return !stopped && (code == ExitCode.FINDINGS || code == ExitCode.PARTIAL);
    }

    /** The code as a word, as in {@code cannot-connect}. */
    String word() {
        return code.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
