package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.persistence.Transactions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What holds of actions after the commit, where there is something that tells when it has been. */
abstract class AfterCommitContract extends TransactionContract {
    private final List<String> done = new ArrayList<>();

    private Transactions transactions() {
        return recorders.transactions();
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
}
