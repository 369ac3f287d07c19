package dev.eventsourcing.system;

import static dev.eventsourcing.application.SnapshotInterval.every;
import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.StateRepository;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.CountedConnections;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many followers of one leader, on a pool with as many connections as the runner has said that it uses, and one for whoever saves. Who
 * had to wait for a connection for as long as a second would fail.
 */
class ConnectionBudgetTest {
    private static final int FOLLOWERS = 30;
    private static final int SAVES = 200;
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int EVENTS_OF_A_SNAPSHOT = 10;

    @ParameterizedTest
    @EnumSource
    void thirtyFollowersUseTwoConnectionsAndTheWatchOne(Product product) {
        runs(product, 2, MultiThreadedRunner::new);
    }

    @ParameterizedTest
    @EnumSource
    void withOneThreadTheyUseOneAndTheWatchOne(Product product) {
        runs(product, 1, SingleThreadedRunner::new);
    }

    private static void runs(Product product, int budget, Maker maker) {
        CountedConnections followers = new CountedConnections("eventsourcing followers");
        CountedConnections watch = new CountedConnections("eventsourcing watch");
        Crowd crowd = new Crowd(budget);
        try (TestDatabase database = product.migrated();
                HikariDataSource pool = pool(database, budget + 2)) {
            RecorderFactory recorders = MyBatisRecorders.over(followers.over(watch.over(pool)));
            RunnerSettings settings =
                    RunnerSettings.defaults().connections(budget).saveWait(Duration.ZERO);
            try (Runner runner = maker.make(crowd.system(), crowd.of(recorders), settings)) {
                runner.start();
                Words words = runner.get(Words.class);

                words.say("word 0");
                crowd.awaitThatAllOthersWait();
                for (int n = 1; n < SAVES; n++) {
                    words.say("word " + n);
                }
                crowd.open.countDown();
                runner.waitUntilCaughtUp(LONG);

                assertThat(runner.failures()).isEmpty();
                assertThat(runner.health().isHealthy()).isTrue();
            }
            assertThat(followers.notGiven() + watch.notGiven()).isZero();
            assertThat(crowd.processed)
                    .hasSize(FOLLOWERS + 1)
                    .allSatisfy((name, processed) -> assertThat(processed).hasValue(SAVES));
            assertThat(database.count("snapshots")).isEqualTo(SAVES / EVENTS_OF_A_SNAPSHOT);
            assertThat(followers.most()).isEqualTo(budget);
            assertThat(watch.most()).isEqualTo(1);
        }
    }

    private static HikariDataSource pool(TestDatabase database, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(1_000);
        return new HikariDataSource(config);
    }

    /** The databases. */
    enum Product {
        H2,
        POSTGRESQL;

        TestDatabase migrated() {
            return this == H2 ? H2Database.migrated() : PostgresDatabase.migrated();
        }
    }

    /** Makes a runner. */
    private interface Maker {
        Runner make(
                EventDrivenSystem system,
                Function<Class<? extends Application>, Application> instances,
                RunnerSettings settings);
    }

    /** Followers, each of a class of its own, who are held in their first batch: as many as may process at once, and not one more. */
    private static final class Crowd {
        final Map<String, AtomicInteger> processed = new ConcurrentHashMap<>();
        final CountDownLatch open = new CountDownLatch(1);
        private final Set<Thread> held = ConcurrentHashMap.newKeySet();
        private final Map<Class<? extends Follower>, String> names = new LinkedHashMap<>();
        private final int budget;

        Crowd(int budget) {
            this.budget = budget;
            for (int n = 1; n < FOLLOWERS; n++) {
                names.put(anotherClass(), "Member" + n);
            }
        }

        /** A class like {@link Member}, and another than all others. */
        private static Class<? extends Follower> anotherClass() {
            try (InputStream compiled = Member.class.getResourceAsStream("ConnectionBudgetTest$Member.class")) {
                return MethodHandles.lookup()
                        .defineHiddenClass(compiled.readAllBytes(), true)
                        .lookupClass()
                        .asSubclass(Follower.class);
            } catch (IOException | IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }

        EventDrivenSystem system() {
            return EventDrivenSystem.of(Stream.concat(
                            names.keySet().stream().map(member -> pipe(Words.class, member)),
                            Stream.of(pipe(Words.class, Tallies.class, Behind.class)))
                    .toArray(Pipe[]::new));
        }

        Function<Class<? extends Application>, Application> of(RecorderFactory recorders) {
            return type -> {
                if (type == Words.class) {
                    return new Words(recorders);
                }
                if (type == Tallies.class) {
                    return new Tallies(recorders, this);
                }
                if (type == Behind.class) {
                    return new Behind(recorders, this);
                }
                try {
                    return (Application) type.getDeclaredConstructor(String.class, RecorderFactory.class, Crowd.class)
                            .newInstance(names.get(type), recorders, this);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            };
        }

        /** Called by policies. */
        void count(Follower follower) {
            held.add(Thread.currentThread());
            Concurrently.await(open);
            processed
                    .computeIfAbsent(follower.name(), first -> new AtomicInteger())
                    .incrementAndGet();
        }

        /** Waits until as many as may are held, and all others who have something to process wait for their share. */
        void awaitThatAllOthersWait() {
            Concurrently.awaitUntil(() -> {
                Map<Thread, StackTraceElement[]> threads = new HashMap<>(Thread.getAllStackTraces());
                threads.keySet()
                        .removeIf(thread -> !thread.getName().startsWith("eventsourcing followers")
                                || thread.getName().endsWith("Behind")
                                || held.contains(thread));
                return held.size() == budget
                        && threads.values().stream()
                                .allMatch(stack -> Stream.of(stack)
                                        .anyMatch(frame -> frame.getClassName().equals(Budget.class.getName())));
            });
        }
    }

    /** One of many, who only counts. */
    static final class Member extends Follower {
        private final Crowd crowd;

        Member(String name, RecorderFactory recorders, Crowd crowd) {
            super(name, recorders);
            this.crowd = crowd;
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            crowd.count(this);
        }
    }

    /** One that records, and has snapshots due. */
    static final class Tallies extends Follower {
        private static final UUID ID = new UUID(0, 2);

        private final StateRepository<Tally> tallies;
        private final Crowd crowd;

        Tallies(RecorderFactory recorders, Crowd crowd) {
            super("Tallies", recorders);
            this.crowd = crowd;
            this.tallies = repository(Tally.class, Counted.class, (before, counted) -> new Tally(counted.words()))
                    .snapshots(every(EVENTS_OF_A_SNAPSHOT));
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            crowd.count(this);
            processing.collect(tallies.find(ID)
                    .map(before -> before.then(new Counted(before.state().words() + 1)))
                    .orElseGet(() -> NewEvents.first(ID, new Counted(1))));
        }

        record Counted(int words) {}

        record Tally(int words) {}
    }

    /** One that follows a follower. */
    static final class Behind extends Follower {
        private final Crowd crowd;

        Behind(RecorderFactory recorders, Crowd crowd) {
            super("Behind", recorders);
            this.crowd = crowd;
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            crowd.count(this);
        }
    }
}
