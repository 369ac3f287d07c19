package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.persistence.TransactionLostException;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What holds of transactions that the recorders open themselves: what was lost is never reported as done. */
abstract class OpenedTransactionContract extends AfterCommitContract {
    @Override
    void inTransaction(Runnable work) {
        recorders.transactions().required(work);
    }

    @Test
    void giveTheConnectionBackAsItWas() throws Exception {
        inTransaction(this::process);

        try (var connection = database.dataSource().getConnection()) {
            assertThat(connection.getAutoCommit()).isTrue();
        }
    }

    @Test
    void doNotReportSuccessAfterAnSqlErrorThatWasSwallowed() {
        List<String> done = new ArrayList<>();
        Runnable swallowing = () -> inTransaction(() -> {
            recorders.transactions().afterCommit(() -> done.add("after commit"));
            process();
            assertThatThrownBy(() -> diplomas.fail("Fido")).hasMessageContainingAll("no_such_table".substring(3));
        });

        if (kind == DatabaseKind.POSTGRESQL) {
            assertThatThrownBy(swallowing::run).isInstanceOf(TransactionLostException.class);
            assertNothingIsThere();
            assertThat(done).isEmpty();
        } else {
            // H2 undoes the failed statement alone, and the rest can be committed.
            swallowing.run();
            assertEverythingIsThere();
            assertThat(done).hasSize(1);
        }
    }

    /** Each of two units holds a row that the other asks for; the one that the database ends swallows that and goes on. */
    @Test
    void keepAllOfAUnitOrNothingWhenADeadlockIsSwallowed() {
        database.execute("INSERT INTO diplomas VALUES ('Fido', 'sit'), ('Rex', 'sit')");
        CountDownLatch bothHoldOne = new CountDownLatch(2);
        List<Running<Boolean>> units = List.of(
                Concurrently.start(() -> meet("Fido", "Rex", 1, bothHoldOne)),
                Concurrently.start(() -> meet("Rex", "Fido", 2, bothHoldOne)));

        assertThat(units).extracting(Running::get).containsExactlyInAnyOrder(true, false);
        assertThat(database.count("stored_events")).isEqualTo(1);
        assertThat(database.column("SELECT trick FROM diplomas ORDER BY trick"))
                .containsExactly("after", "renamed", "renamed");
    }

    /** Returns whether the unit was committed. */
    private boolean meet(String first, String second, int version, CountDownLatch bothHoldOne) {
        try {
            inTransaction(() -> {
                diplomas.rename(first, "renamed");
                bothHoldOne.countDown();
                Concurrently.await(bothHoldOne);
                swallow(() -> diplomas.rename(second, "renamed"));
                swallow(() -> diplomas.award(first, "after"));
                swallow(() -> recorder.insertEvents(events(version, version)));
            });
            return true;
        } catch (TransactionLostException e) {
            return false;
        }
    }

    private static void swallow(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException swallowed) {
            assertThat(swallowed).isNotNull();
        }
    }
}
