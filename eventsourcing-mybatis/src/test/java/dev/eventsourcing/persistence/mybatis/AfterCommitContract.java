package dev.eventsourcing.persistence.mybatis;

import static dev.eventsourcing.application.SnapshotInterval.every;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.domain.Versioned;
import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.persistence.VersionRange;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What holds of actions after the commit, where there is something that tells when it has been. */
abstract class AfterCommitContract extends TransactionContract {
    private final List<String> done = new ArrayList<>();

    private Transactions transactions() {
        return recorders.transactions();
    }

    /** Makes sure that snapshots are there; they are when the commit returns, unless a background thread takes them. */
    void awaitSnapshots(BooleanSupplier taken) {
        assertThat(taken.getAsBoolean()).isTrue();
    }

    @Test
    void doesActionsAfterTheCommitInTheirOrderAndOutsideOfTheTransaction() {
        inTransaction(() -> {
            process();
            assertThat(transactions().afterCommit(() -> {
                        assertThat(transactions().active()).isFalse();
                        assertEverythingIsThere();
                        done.add("first");
                    }))
                    .isTrue();
            transactions().afterCommit(() -> {
                assertThat(transactions().active()).isFalse();
                done.add("second");
            });
            assertThat(done).isEmpty();
        });

        assertThat(done).containsExactly("first", "second");
        assertThat(transactions().active()).isFalse();
    }

    @Test
    void leavesActionsOutWhenTheWorkThrows() {
        assertThatThrownBy(() -> inTransaction(() -> {
                    transactions().afterCommit(() -> done.add("never"));
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        inTransaction(this::process);

        assertThat(done).isEmpty();
    }

    @Test
    void hasNoActionsAfterACommitOutsideOfATransaction() {
        assertThat(transactions().afterCommit(() -> done.add("never"))).isFalse();

        inTransaction(this::process);

        assertThat(done).isEmpty();
    }

    @Test
    void commitsTransactionsOfTheActionsThemselves() {
        inTransaction(() -> transactions()
                .afterCommit(() -> transactions().required(() -> {
                    process();
                    transactions().afterCommit(() -> done.add("after the action's own"));
                })));

        assertEverythingIsThere();
        assertThat(done).containsExactly("after the action's own");
    }

    @Test
    void keepsWhatWasCommittedWhenAnActionThrows() {
        inTransaction(() -> {
            process();
            transactions().afterCommit(() -> {
                throw new IllegalStateException("expected by a test");
            });
            transactions().afterCommit(() -> done.add("second"));
        });

        assertEverythingIsThere();
        assertThat(done).containsExactly("second");
        assertThat(transactions().active()).isFalse();
    }

    @Test
    void takesSnapshotsAndFillsCachesOnceItIsCommitted() {
        Diary diary = new Diary(recorders);

        inTransaction(() -> {
            diary.save(NewEvents.first(Diary.ID, new Written("a"), new Written("b")));
            assertThat(diary.pages.get(Diary.ID).state().last()).isEqualTo("b");
            assertThat(diary.snapshots()).isEmpty();
        });

        awaitSnapshots(() -> diary.snapshots().equals(List.of(2L)));
        assertThat(diary.pages.get(Diary.ID)).isEqualTo(new Versioned<>(Diary.ID, 2, new Page("b")));
    }

    @Test
    void takesNoSnapshotsAndFillsNoCacheWhenTheWorkThrows() {
        Diary diary = new Diary(recorders);

        assertThatThrownBy(() -> inTransaction(() -> {
                    diary.save(NewEvents.first(Diary.ID, new Written("a"), new Written("never")));
                    assertThat(diary.pages.get(Diary.ID).state().last()).isEqualTo("never");
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(diary.pages.find(Diary.ID)).isEmpty();
        inTransaction(() -> diary.save(NewEvents.first(Diary.ID, new Written("a"), new Written("b"))));

        assertThat(diary.pages.get(Diary.ID).state().last()).isEqualTo("b");
        awaitSnapshots(() -> diary.snapshots().equals(List.of(2L)));
    }

    record Written(String text) {}

    record Page(String last) {}

    private static final class Diary extends Application {
        static final UUID ID = new UUID(0, 7);
        final Repository<Versioned<Page>> pages = repository(
                        Page.class, Written.class, (before, event) -> new Page(event.text()))
                .snapshots(every(2))
                .cached(10);
        private final AggregateRecorder snapshots;

        Diary(MyBatisRecorders recorders) {
            super("Diary", recorders);
            snapshots = recorders.snapshotRecorder("Diary");
        }

        List<Long> snapshots() {
            return snapshots.selectEvents(ID, VersionRange.all()).stream()
                    .map(StoredEvent::originatorVersion)
                    .toList();
        }
    }
}
