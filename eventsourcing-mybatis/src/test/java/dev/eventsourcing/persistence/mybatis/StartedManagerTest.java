package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import org.apache.ibatis.session.SqlSessionManager;
import org.junit.jupiter.api.Test;

/** Transactions of a session manager that the user has started on the thread. */
class StartedManagerTest extends TransactionContract {
    private SqlSessionManager manager;

    @Override
    MyBatisRecorders newRecorders() {
        manager = SqlSessionManager.newInstance(factory());
        return MyBatisRecorders.over(manager);
    }

    @Override
    void inTransaction(Runnable work) {
        manager.startManagedSession(false);
        try {
            work.run();
            manager.commit();
        } finally {
            manager.close();
        }
    }

    @Test
    void leaveTheSessionToTheUser() throws Exception {
        manager.startManagedSession(false);

        process();
        recorders.transactions().required(() -> recorder.position(LEADER));

        assertThat(manager.isManagedSessionStarted()).isTrue();
        assertThat(manager.getConnection().isClosed()).isFalse();
        assertNothingIsThere();
        manager.commit();
        manager.close();
        assertEverythingIsThere();
    }

    @Test
    void keepNothingWhenTheUserRollsBack() {
        manager.startManagedSession(false);
        process();

        manager.rollback();
        manager.close();

        assertNothingIsThere();
    }

    @Test
    void keepNothingWhenTheUserClosesWithoutACommit() {
        manager.startManagedSession(false);
        recorder.insertEvents(events(1, 2));

        manager.close();

        assertNothingIsThere();
    }

    @Test
    void haveNothingThatTellsWhenTheyAreCommitted() {
        inTransaction(
                () -> assertThat(recorders.transactions().afterCommit(() -> {})).isFalse());
    }

    @Test
    void areRefusedWhereTheSessionCommitsByItself() {
        manager.startManagedSession(true);

        assertThatThrownBy(() -> recorder.insertEvents(events(1, 2)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("startManagedSession(false)");

        manager.close();
        assertNothingIsThere();
    }
}
