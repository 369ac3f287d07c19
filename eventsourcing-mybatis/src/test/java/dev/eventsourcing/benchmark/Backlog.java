package dev.eventsourcing.benchmark;

import static dev.eventsourcing.system.Pipe.pipe;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import dev.eventsourcing.tool.EventSourcingTool;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/** The program whose follower has a backlog, and the start of the tool that says at the end what it took. */
public final class Backlog {
    static final String LEADER = "Leader";
    static final String FOLLOWER = "Counter";
    static final String CALLS = "calls of the policy: ";
    static final String PEAK = "peak heap, bytes: ";

    private Backlog() {}

    /** Runs {@link EventSourcingTool}. The peaks of the heap's pools need not have been at one time: their sum is the most. */
    public static void main(String[] arguments) throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            System.out.println(CALLS + Counter.calls);
            System.out.println(PEAK
                    + ManagementFactory.getMemoryPoolMXBeans().stream()
                            .filter(pool -> pool.getType() == MemoryType.HEAP)
                            .map(MemoryPoolMXBean::getPeakUsage)
                            .mapToLong(java.lang.management.MemoryUsage::getUsed)
                            .sum());
        }));
        EventSourcingTool.main(arguments);
    }

    /** For the tool. */
    public static Runner runner() {
        MyBatisRecorders recorders = MyBatisRecorders.fromSettings();
        EventDrivenSystem system = EventDrivenSystem.of(pipe(Notebook.class, Counter.class));
        return new SingleThreadedRunner(
                        system,
                        type -> type == Counter.class ? new Counter(recorders) : new Notebook(LEADER, recorders))
                .closing(recorders);
    }

    /** Counts what it is given. */
    private static final class Counter extends Follower {
        private static volatile long calls;

        Counter(RecorderFactory recorders) {
            super(FOLLOWER, recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            calls++;
        }
    }
}
