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
import java.time.Duration;
import java.util.Map;

/**
 * A node of a system: {@link Words}, a processor behind it that repeats each word, and a projection behind that. It is told {@code
 * start|url|node}, {@code hold|follower}, {@code open|follower}, {@code ended|follower}, {@code failures} and {@code close}.
 */
final class NodeProgram implements ChildProgram {
    static final EventDrivenSystem SYSTEM = EventDrivenSystem.of(Pipe.pipe(Words.class, Loud.class, Heard.class));

    /** A transaction may stand still for long: that of a process that was stopped shall end by what the position says. */
    private static final RunnerSettings SETTINGS =
            RunnerSettings.defaults().leaseTime(SeveralNodesTest.LEASE).idleLimit(Duration.ofMinutes(10));

    private final Map<String, Gate> gates = Map.of("Loud", new Gate(), "Heard", new Gate());
    private volatile MultiThreadedRunner runner;

    private NodeProgram() {}

    public static void main(String[] arguments) throws IOException {
        new NodeProgram().run();
    }

    @Override
    public String answer(String[] words) {
        switch (words[0]) {
            case "start" -> start(words[1], words[2]);
            case "hold" -> {
                return gate(words).hold();
            }
            case "open" -> gate(words).open();
            case "ended" -> {
                return gate(words).ended();
            }
            case "failures" -> {
                return runner.failures().toString();
            }
            case "close" -> runner.close();
            default -> throw new IllegalArgumentException(words[0]);
        }
        return "";
    }

    private Gate gate(String[] words) {
        return gates.get(words[1]);
    }

    private void start(String url, String node) {
        MyBatisRecorders stored = MyBatisRecorders.over(TestDatabase.pool(url), HeardMapper.class);
        runner = new MultiThreadedRunner(
                SYSTEM,
                type -> {
                    if (type == Words.class) {
                        return new Words(stored);
                    }
                    Gate gate = gates.get(type.getSimpleName());
                    return type == Loud.class
                            ? new Loud(gate.watching(stored), gate)
                            : new Heard(gate.watching(stored), gate, stored.mapper(HeardMapper.class), node);
                },
                SETTINGS);
        runner.start();
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
        private final Gate gate;
        private final HeardMapper mapper;
        private final String node;

        Heard(RecorderFactory recorders, Gate gate, HeardMapper mapper, String node) {
            super("Heard", recorders);
            this.gate = gate;
            this.mapper = mapper;
            this.node = node;
            batchSize(20);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            mapper.insert(node, event.originatorId().toString(), word(event));
            gate.pass();
        }
    }

    private static String word(DomainEvent<?> event) {
        if (event.payload() instanceof Spoken spoken) {
            return spoken.word();
        }
        throw new ConfigurationException("What is " + event.payload() + "?");
    }
}
