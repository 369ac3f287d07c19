package dev.eventsourcing.system;

import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.Words.Spoken;
import dev.eventsourcing.system.Words.Text;
import dev.eventsourcing.testsupport.ChildProgram;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.IOException;

/**
 * A node of a system: {@link Words}, a processor behind it that repeats each word, and a projection behind that. It is told {@code
 * start|url|node}, {@code hold}, {@code open}, {@code ended}, {@code failures} and {@code close}.
 */
final class NodeProgram implements ChildProgram {
    static final EventDrivenSystem SYSTEM = EventDrivenSystem.of(Pipe.pipe(Words.class, Loud.class, Heard.class));

    private final Gate gate = new Gate();
    private volatile SingleThreadedRunner runner;
    private volatile boolean closing;

    private NodeProgram() {}

    public static void main(String[] arguments) throws IOException {
        new NodeProgram().run();
    }

    @Override
    public String answer(String[] words) {
        switch (words[0]) {
            case "start" -> start(words[1], words[2]);
            case "hold" -> {
                return gate.hold();
            }
            case "open" -> gate.open();
            case "ended" -> {
                return gate.ended();
            }
            case "failures" -> {
                return runner.failures().toString();
            }
            case "close" -> {
                closing = true;
                runner.close();
            }
            default -> throw new IllegalArgumentException(words[0]);
        }
        return "";
    }

    /** The place for what a runner is given: its kind, and a lease of {@link SeveralNodesTest#LEASE}. */
    private void start(String url, String node) {
        MyBatisRecorders stored = MyBatisRecorders.over(TestDatabase.pool(url), HeardMapper.class);
        RecorderFactory recorders = gate.watching(stored);
        runner = new SingleThreadedRunner(SYSTEM, type -> {
            if (type == Words.class) {
                return new Words(recorders);
            }
            return type == Loud.class
                    ? new Loud(recorders, gate)
                    : new Heard(recorders, stored.mapper(HeardMapper.class), node);
        });
        runner.start();
        Thread polling = new Thread(this::poll);
        polling.setDaemon(true);
        polling.start();
    }

    /** Until the runner does it itself. */
    private void poll() {
        while (!closing) {
            try {
                runner.get(Loud.class).pullAndProcess("Words");
                runner.get(Heard.class).pullAndProcess("Loud");
                Thread.sleep(10);
            } catch (Exception e) {
                e.printStackTrace(System.out);
            }
        }
    }

    /** Repeats each event in an aggregate of the same id. */
    static final class Loud extends Follower {
        private final Repository<Text> texts = repository(Text.class, Text::new);
        private final Gate gate;

        Loud(RecorderFactory recorders, Gate gate) {
            super("Loud", recorders);
            this.gate = gate;
            batchSize(20);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            Text text = Text.in(texts, event.originatorId());
            text.add(word(event));
            processing.collect(text);
            gate.pass();
        }
    }

    /** Writes a row for each event. */
    static final class Heard extends Follower {
        private final HeardMapper mapper;
        private final String node;

        Heard(RecorderFactory recorders, HeardMapper mapper, String node) {
            super("Heard", recorders);
            this.mapper = mapper;
            this.node = node;
            batchSize(20);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            mapper.insert(node, event.originatorId().toString(), word(event));
        }
    }

    private static String word(DomainEvent<?> event) {
        if (event.payload() instanceof Spoken spoken) {
            return spoken.word();
        }
        throw new ConfigurationException("What is " + event.payload() + "?");
    }
}
