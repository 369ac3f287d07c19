package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.RowChanges.Counted;
import dev.eventsourcing.persistence.RowChanges.Rows;
import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.SyncEnd;
import dev.eventsourcing.system.SyncMode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultLinesTest {
    @Test
    void countsInOneLineWhatWentWell() {
        assertThat(lines(Results.ok("Diplomas"), 1)).containsExactly("INFO Diplomas OK  9 events from School");
    }

    @Test
    void addsTopicsAndThenTimingsForWhoAsks() {
        assertThat(lines(Results.ok("Diplomas"), 2))
                .containsExactly(
                        "INFO Diplomas OK  9 events from School",
                        "INFO   of School: 3 Dog.Registered, 6 Dog.TrickAdded");
        assertThat(lines(Results.ok("Diplomas"), 3))
                .containsExactly(
                        "INFO Diplomas OK  9 events from School",
                        "INFO   of School: 3 Dog.Registered, 6 Dog.TrickAdded",
                        "INFO   in the log of School: from 3 to 12, complete",
                        "INFO   took 1.5 s, 6.0/s");
    }

    @Test
    void saysWhatFailedWithItsCauseAndItsPlaceAtOnce() {
        Exception behind =
                Results.at(new java.sql.SQLException("disk full"), "org.h2.Driver", "shop.Mail", "shop.Main");
        Exception thrown = Results.at(new IllegalStateException("no mail", behind), "shop.Other");

        List<String> lines = lines(Results.failed("Mail", "Mail failed: no mail", thrown), 1);

        assertThat(lines.subList(0, 4))
                .containsExactly(
                        "ERROR Mail FAILED  1 event from School before it failed",
                        "ERROR   Mail failed: no mail",
                        "ERROR   caused by java.sql.SQLException: disk full",
                        "ERROR   at shop.Mail.policy(Mail.java:29)");
        assertThat(lines.get(4)).startsWith("DEBUG java.lang.IllegalStateException: no mail");
    }

    @Test
    void showsTheStackTraceToWhoAsks() {
        List<String> lines = lines(Results.failed("Mail", "no", new IllegalStateException("no")), 3);

        assertThat(lines).anyMatch(line -> line.startsWith("ERROR java.lang.IllegalStateException: no"));
    }

    @Test
    void showsOfADryRunWhatWouldChange() {
        FollowerResult byTable = Results.rehearsed(
                "Board",
                Map.of("Diploma.Awarded", 1L, "Diploma.TrickCounted", 1200L),
                Counted.TABLE,
                Map.of("public.trick_counts", new Rows(3, 1000, 0), "public.old", new Rows(0, 0, 1)));

        assertThat(lines(byTable, 1))
                .containsExactly(
                        "INFO Board OK (dry-run)  6 events from School",
                        "INFO   would append 1 Diploma.Awarded, 1,200 Diploma.TrickCounted",
                        "INFO   would change rows of yours, counted by table:",
                        "INFO     public.old  1 deleted",
                        "INFO     public.trick_counts  3 inserted, 1,000 updated");
    }

    @Test
    void saysHowRowsWereCounted() {
        assertThat(lines(
                        Results.rehearsed("Board", Map.of(), Counted.STATEMENT, Map.of("a.B.add", new Rows(1, 0, 0))),
                        1))
                .contains(
                        "INFO   would change rows of yours, counted by mapped statement:",
                        "INFO     a.B.add  1 inserted");
        assertThat(lines(Results.rehearsed("Board", Map.of(), Counted.TABLE, Map.of()), 1))
                .contains("INFO   would append no events", "INFO   would change no rows of yours, counted by table");
        assertThat(lines(Results.rehearsed("Board", Map.of(), Counted.NOTHING, Map.of()), 1))
                .contains("INFO   no rows of yours were counted");
    }

    @Test
    void showsOfAPlanWhatWaits() {
        FollowerResult plan = Results.of(
                "Board", SyncMode.PLAN, Results.leader(Map.of("Dog.TrickAdded", 6L), 0, 0, SyncEnd.COMPLETE));

        assertThat(lines(plan, 1))
                .containsExactly("INFO Board OK (plan)  6 events from School", "INFO   of School: 6 Dog.TrickAdded");
    }

    @Test
    void saysWhatIsLeftAndHowToGoOn() {
        assertThat(lines(Results.unfinished("Board", SyncEnd.OPEN_APPEND), 1))
                .containsExactly(
                        "WARN Board UNFINISHED  4 events from School, 1,200 left",
                        "WARN   1,200 events behind the transaction of pid 4711, open for 65 s, psql, idle in transaction; and"
                                + " the prepared transaction, batch-7 in the log of School. They are left to the next run,"
                                + " once that has ended.");
        assertThat(lines(Results.unfinished("Board", SyncEnd.MAX_EVENTS), 1))
                .containsExactly(
                        "INFO Board UNFINISHED  4 events from School, 1,200 left",
                        "INFO   1,200 events of School are left, as -Dmax-events were processed. The next run goes on there.");
        assertThat(lines(Results.unfinished("Board", SyncEnd.TIME_BUDGET), 1))
                .contains(
                        "INFO   1,200 events of School are left, as the time of -Dtime-budget is over. The next run goes on"
                                + " there.");
        assertThat(lines(Results.unfinished("Board", SyncEnd.STOPPED), 1))
                .contains(
                        "WARN   1,200 events of School are left, as the run was stopped. The next run goes on there.");
    }

    @Test
    void tellsWhatIsParkedNowAndInAll() {
        String where =
                "WARN   Table parked_events says why, where application_name is Board. The follower's parking() lists"
                        + " them, tries them again, and drops them.";

        assertThat(lines(Results.parking("Board", SyncMode.PROCESS), Map.of("School", 2L), 1))
                .containsExactly(
                        "WARN Board OK  4 events from School, 2 parked",
                        "WARN   parked: Board failed to process notification 11",
                        "WARN     at shop.Board.policy(Board.java:29)",
                        where);
        assertThat(lines(Results.parking("Board", SyncMode.PROCESS), Map.of("School", 5L), 1))
                .contains("WARN   5 events of School are parked in all.", where);
        assertThat(lines(Results.ok("Board"), Map.of("School", 5L), 1))
                .containsExactly(
                        "INFO Board OK  9 events from School", "WARN   5 events of School are parked in all.", where);
    }

    @Test
    void tellsOfADryRunWhatWouldBeParked() {
        assertThat(lines(Results.parking("Board", SyncMode.DRY_RUN), Map.of("School", 2L), 1))
                .containsExactly(
                        "WARN Board OK (dry-run)  4 events from School, 2 parked",
                        "INFO   would append no events",
                        "INFO   would change no rows of yours, counted by table",
                        "WARN   would park: Board failed to process notification 11",
                        "WARN     at shop.Board.policy(Board.java:29)");
    }

    private static List<String> lines(FollowerResult result, int verbosity) {
        return lines(result, Map.of(), verbosity);
    }

    private static List<String> lines(FollowerResult result, Map<String, Long> parked, int verbosity) {
        return ResultLines.of(result, result.follower() + " ", parked, verbosity).stream()
                .map(line -> line.level() + " " + line.text())
                .toList();
    }
}
