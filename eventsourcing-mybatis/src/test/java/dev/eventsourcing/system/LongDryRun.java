package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** A program with little memory that dry-runs many events, each of which leads to an event and a row. */
final class LongDryRun {
    static final int EVENTS = 15_000;
    private static final int EVENTS_OF_A_SAVE = 1_000;

    private LongDryRun() {}

    /**
     * Records events, makes a dry run, and prints the result.
     *
     * @param arguments the URL of a database with our tables and {@link Lines}
     */
    public static void main(String[] arguments) throws Exception {
        try (HikariDataSource pool = TestDatabase.pool(arguments[0])) {
            MyBatisRecorders recorders = MyBatisRecorders.over(pool, Lines.class);
            Runner runner = new SingleThreadedRunner(
                    EventDrivenSystem.of(pipe(Words.class, Busy.class, Behind.class)),
                    type -> type == Words.class
                            ? new Words(recorders)
                            : type == Busy.class ? new Busy(recorders) : new Behind(recorders),
                    RunnerSettings.defaults());
            Words words = runner.get(Words.class);
            for (int n = 0; n < EVENTS; n += EVENTS_OF_A_SAVE) {
                int first = n;
                words.say(IntStream.range(0, EVENTS_OF_A_SAVE)
                        .mapToObj(each -> "word " + (first + each) + "x".repeat(600))
                        .toArray(String[]::new));
            }
            FollowerSyncReport dryRun =
                    new FollowerSync(runner).yieldsAfter(Duration.ofSeconds(1)).sync(List.of(), SyncMode.DRY_RUN);
            System.out.println(
                    "dry run " + said(dryRun) + " " + dryRun.results().get(0).rows());
        }
    }

    private static List<String> said(FollowerSyncReport report) {
        return report.results().stream()
                .map(result -> result.follower()
                        + result.events()
                        + result.appended()
                        + result.failure().map(Object::toString).orElse(""))
                .toList();
    }

    /** Records an event, and writes a row, for each event. */
    static final class Busy extends Follower {
        private final Lines lines;

        Busy(MyBatisRecorders recorders) {
            super("Busy", recorders);
            lines = recorders.mapper(Lines.class);
            repository(Words.Text.class, Words.Text::new);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            String word = ((Words.Spoken) event.payload()).word();
            lines.insert(word.substring(0, word.indexOf('x')));
            Words.Text text = new Words.Text(UUID.randomUUID());
            text.add(word);
            processing.collect(text);
        }
    }

    /** Only counts. */
    static final class Behind extends Follower {
        Behind(RecorderFactory recorders) {
            super("Behind", recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {}
    }
}
