package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.system.SyncEnd;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTableTest {
    @Test
    void standsInColumnsAndLeavesOutWhatIsNoughtForAll() {
        assertThat(SummaryTable.of(List.of(
                        Results.ok("TrickBoard"),
                        Results.unfinished("Diplomas", SyncEnd.MAX_EVENTS),
                        Results.failed("Mail", "no", new IllegalStateException()))))
                .containsExactly(
                        "Follower    Result      Events   Left   Time",
                        "TrickBoard  OK               9      0  1.5 s",
                        "Diplomas    UNFINISHED       4  1,200  1.5 s",
                        "Mail        FAILED           1      0   7 ms");
    }
}
