package dev.eventsourcing.persistence.memory;

import dev.eventsourcing.persistence.contract.RecorderPromises;
import dev.eventsourcing.testing.RecorderContract;

class InMemoryRecordersTest extends RecorderPromises {
    @Override
    protected RecorderContract<?> contract() {
        return RecorderContract.of(InMemoryRecorders::new)
                .waitingWhen((recorders, thread) -> thread.getState() == Thread.State.WAITING)
                .insertsLieTogether();
    }
}
