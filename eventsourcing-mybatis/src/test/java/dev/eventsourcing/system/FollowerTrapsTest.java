package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.Words.Text;
import dev.eventsourcing.testsupport.H2Database;
import java.util.List;
import java.util.UUID;
import org.apache.ibatis.annotations.Insert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What looked harmless and was not, each with what it had broken. */
class FollowerTrapsTest {
    private final H2Database database = H2Database.migrated();
    private MyBatisRecorders recorders;

    public interface SeenMapper {
        @Insert("INSERT INTO seen VALUES (#{word})")
        void add(String word);

        @org.apache.ibatis.annotations.Update("CREATE TABLE IF NOT EXISTS made_by_policy (word VARCHAR(40))")
        void createTable();
    }

    @BeforeEach
    void open() {
        database.execute("CREATE TABLE seen (word VARCHAR(40) NOT NULL)");
        recorders = MyBatisRecorders.over(database.dataSource(), SeenMapper.class);
    }

    @AfterEach
    void close() {
        recorders.close();
        database.close();
    }

    /** With the transaction around it, the rehearsal would be committed. */
    @Test
    void aDryRunInsideOfATransactionChangesNothing() {
        Runner runner = new SingleThreadedRunner(EventDrivenSystem.of(pipe(Words.class, Echo.class)), recorders);
        runner.get(Words.class).say("a", "b");

        try {
            recorders.transactions().required(() -> new FollowerSync(runner).sync(List.of(), SyncMode.DRY_RUN));
        } catch (RuntimeException refused) {
            // A refusal is as good.
        }

        assertThat(runner.get(Echo.class).repeated()).isEmpty();
        assertThat(database.count("notification_tracking")).isZero();
    }

    /** Passed by in silence, events of a class that was renamed would be lost for the follower. */
    @Test
    void aFollowerThatDeclaresTypesStopsAtATopicThatItsLeaderDoesNotKnow() {
        Words words = new Words(recorders);
        Echo echo = Echo.ofWords("Words", recorders);
        echo.follow(words);
        words.say("a", "-noise", "b");
        recorders
                .applicationRecorder("Words")
                .insertEvents(List.of(new StoredEvent(new UUID(0, 7), 1, "Words.Uttered", new byte[] {1})));
        words.say("c");

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .withMessageContaining("Words.Uttered")
                .withMessageContaining("renamed");
        assertThat(echo.repeated()).containsExactly("a", "b");
    }

    /** As the policy's repository gives it, so that a loop in a policy can change one aggregate several times. */
    @Test
    void anAggregateIsCollectedTwiceInOnePolicy() {
        Words words = new Words(recorders);
        Echo echo = new Echo(recorders);
        echo.follow(words);
        echo.before = (word, processing) -> {
            Text text = echo.text();
            text.add("before " + word);
            processing.collect(text);
        };
        words.say("a", "b");

        echo.pullAndProcess("Words");

        assertThat(echo.repeated()).containsExactly("before a", "a", "before b", "b");
    }

    /** A copy that was read where it was saved is as gone as the one that was saved. */
    @Test
    void anAggregateThatWasReadInARolledBackTransactionDoesNotWriteBehindAGap() {
        Echo echo = new Echo(recorders);
        Text[] read = new Text[1];
        assertThatThrownBy(() -> recorders.transactions().required(() -> {
                    Text text = new Text(Echo.TEXT);
                    text.add("a");
                    echo.save(text);
                    read[0] = echo.text();
                    throw new IllegalStateException("roll back");
                }))
                .hasMessage("roll back");

        read[0].add("b");

        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> echo.save(read[0]))
                .withMessageContaining("rolled back");
        assertThat(echo.repeated()).isEmpty();
    }

    /** A policy that failed could not be undone on its own there. */
    @Test
    void aFollowerRefusesToProcessInATransaction() {
        Words words = new Words(recorders);
        Echo echo = new Echo(recorders);
        echo.follow(words);
        words.say("a");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> recorders.transactions().required(() -> {
                    echo.pullAndProcess("Words");
                }))
                .withMessageContaining("outside of one");
        assertThat(echo.repeated()).isEmpty();
    }

    /** A policy that keeps an aggregate between events, a rehearsal, then the real thing, in one process. */
    @Test
    void aDryRunDoesNotMakeTheNextRunWriteBehindAGap() {
        Text kept = new Text(Echo.TEXT);
        Runner runner = new SingleThreadedRunner(EventDrivenSystem.of(pipe(Words.class, Echo.class)), recorders);
        Echo echo = runner.get(Echo.class);
        echo.repeats = false;
        echo.before = (word, processing) -> {
            kept.add(word);
            processing.collect(kept);
        };
        runner.get(Words.class).say("a", "b");

        new FollowerSync(runner).sync(List.of(), SyncMode.DRY_RUN);
        new FollowerSync(runner).sync(List.of(), SyncMode.PROCESS);

        assertThat(database.column("SELECT originator_version FROM stored_events WHERE application_name = 'Echo'"
                        + " ORDER BY id"))
                .isEmpty();
    }

    /** "those before it stay processed": a policy that itself talks to a database that is away. */
    @Test
    void aPolicyThatCannotReachAnotherDatabaseLeavesAllBefore() {
        Words words = new Words(recorders);
        Echo echo = new Echo(recorders);
        echo.follow(words);
        words.say("a", "b", "bad");
        echo.before = (word, processing) -> {
            if (word.equals("bad")) {
                throw new CannotConnectException("the other database is away", null);
            }
        };

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .satisfies(e -> assertThat(e.notificationId()).isEqualTo(3));
        assertThat(echo.repeated()).containsExactly("a", "b");
    }

    /** A follower that processes for itself inside its policy. */
    @Test
    void aPolicyThatPullsSaysWhatIsWrong() {
        Words words = new Words(recorders);
        Words verses = new Words("Verses", recorders);
        Echo echo = new Echo(recorders);
        echo.follow(words);
        echo.follow(verses);
        verses.say("v");
        words.say("a");
        echo.before = (word, processing) -> {
            if (word.equals("a")) {
                echo.pullAndProcess("Verses");
            }
        };

        try {
            echo.pullAndProcess("Words");
        } catch (EventProcessingException e) {
            assertThat(e).hasMessageNotContaining("No batch is open");
        }
    }

    /**
     * DESIGN 5: recorders are those of each application, so a leader and its follower may have different ones. The log is then
     * read in the leader's open transaction, and the position is committed in the follower's own.
     */
    @Test
    void aFollowerWithOtherRecordersDoesNotProcessWhatItsLeaderHasNotCommitted() {
        Words words = new Words(recorders);
        try (H2Database elsewhere = H2Database.migrated()) {
            Echo echo = new Echo(MyBatisRecorders.over(elsewhere.dataSource()));
            echo.follow(words);
            assertThatThrownBy(() -> recorders.transactions().required(() -> {
                        words.say("ghost");
                        try {
                            echo.pullAndProcess("Words");
                        } catch (dev.eventsourcing.domain.EventSourcingException refused) {
                            assertThat(echo.seen).isEmpty();
                        }
                        throw new IllegalStateException("roll back");
                    }))
                    .hasMessage("roll back");
            words.say("real");
            echo.pullAndProcess("Words");

            assertThat(echo.repeated()).containsExactly("real");
        }
    }
}
