package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.persistence.Tracking;
import org.apache.ibatis.session.ExecutorType;
import org.junit.jupiter.api.Test;

/** Transactions that the recorders open through the user's factory. */
class FactoryTransactionsTest extends OpenedTransactionContract {
    @Override
    MyBatisRecorders newRecorders() {
        return MyBatisRecorders.over(factory());
    }

    @Test
    void sendWhatTheUsersMappersHaveBatched() {
        MyBatisRecorders batching = MyBatisRecorders.over(factory(ExecutorType.BATCH));

        batching.transactions().required(() -> {
            batching.processRecorder("Diplomas").insertEvents(events(1, 2), Tracking.first(LEADER, 21));
            batching.mapper(DiplomaMapper.class).award("Fido", "roll over");
        });

        assertEverythingIsThere();
    }

    @Test
    void keepNothingWhenWhatWasBatchedFailsAtTheEnd() {
        MyBatisRecorders batching = MyBatisRecorders.over(factory(ExecutorType.BATCH));
        String tooLong = "x".repeat(41);

        assertThatThrownBy(() -> batching.transactions().required(() -> {
                    batching.processRecorder("Diplomas").insertEvents(events(1, 2), Tracking.first(LEADER, 21));
                    batching.mapper(DiplomaMapper.class).award("Fido", tooLong);
                }))
                .isInstanceOf(RuntimeException.class);

        assertNothingIsThere();
        assertThat(batching.transactions().active()).isFalse();
    }
}
