package dev.eventsourcing.persistence.mybatis;

import static dev.eventsourcing.application.SnapshotInterval.every;
import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.application.Subscription;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.domain.Versioned;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.SharedStore;
import dev.eventsourcing.spring.SpringRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.FollowerSync;
import dev.eventsourcing.system.MultiThreadedRunner;
import dev.eventsourcing.system.ProcessingEvent;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import dev.eventsourcing.system.SyncMode;
import dev.eventsourcing.testsupport.OneConnectionPerThread;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.SqlSessionManager;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What asks for a second connection while it holds one: it can stall a program whose pool is busy. All work is done with a pool of one
 * connection, so that it would wait in vain, and a thread that has it is refused another at once.
 */
@ParameterizedClass
@EnumSource
class SecondConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Parameter
    DatabaseKind kind;

    private TestDatabase database;
    private HikariDataSource pool;
    private OneConnectionPerThread connections;

    @BeforeEach
    void open() {
        database = kind.migrated();
        pool = onlyOne(database);
        connections = new OneConnectionPerThread(pool);
    }

    @AfterEach
    void close() {
        pool.close();
        database.close();
    }

    /** Whose transactions they are. */
    enum Whose {
        OURS {
            @Override
            MyBatisRecorders over(DataSource dataSource) {
                return MyBatisRecorders.over(factory(dataSource));
            }
        },
        SPRINGS {
            @Override
            MyBatisRecorders over(DataSource dataSource) {
                return SpringRecorders.over(dataSource);
            }
        },
        CONTAINERS_AS_UNDER_JTA {
            @Override
            MyBatisRecorders over(DataSource dataSource) {
                return SpringRecorders.asUnderJta(dataSource);
            }
        },
        SESSION_MANAGERS {
            @Override
            MyBatisRecorders over(DataSource dataSource) {
                return MyBatisRecorders.over(SqlSessionManager.newInstance(factory(dataSource)));
            }
        },
        CALLERS {
            @Override
            MyBatisRecorders over(DataSource dataSource) {
                return MyBatisRecorders.over(factory(dataSource));
            }

            @Override
            void inTransaction(MyBatisRecorders recorders, DataSource dataSource, Runnable work) {
                try (SqlSession session = factory(dataSource).openSession(false)) {
                    // From now on it has its connection.
                    session.getConnection();
                    recorders.within(session, work);
                    session.commit();
                }
            }
        };

        abstract MyBatisRecorders over(DataSource dataSource);

        void inTransaction(MyBatisRecorders recorders, DataSource dataSource, Runnable work) {
            recorders.transactions().required(work);
        }

        static SqlSessionFactory factory(DataSource dataSource) {
            return new SqlSessionFactoryBuilder()
                    .build(new Configuration(new Environment("users", new JdbcTransactionFactory(), dataSource)));
        }
    }

    /** These are no part of a transaction, and so are for threads that are in none. */
    @ParameterizedTest
    @EnumSource
    void inATransactionOnlyWorkDoesThatIsNoPartOfIt(Whose whose) {
        MyBatisRecorders recorders = whose.over(connections);
        Map<String, Runnable> works = worksInTransactions(recorders);
        List<String> noPart = List.of("heads", "take leases", "release leases", "pending migrations");
        if (whose == Whose.CONTAINERS_AS_UNDER_JTA) {
            // There the data source answers with the connection of the transaction, which they would commit.
            noPart.forEach(works::remove);
        }

        List<String> asking = asking(works, work -> whose.inTransaction(recorders, connections, work));

        assertThat(asking).isEqualTo(whose == Whose.CONTAINERS_AS_UNDER_JTA ? List.of() : noPart);
        recorders.close();
        assertThat(recorders.droppedSnapshots()).isZero();
    }

    /** The second one of a dry run asks whether others wait for the first one, and reads the log. */
    @Slow("A dry run waits for its second connection.")
    @ParameterizedTest
    @EnumSource
    void outsideOfTransactionsOnlyADryRunDoes(Whose whose) {
        MyBatisRecorders recorders = whose.over(connections);

        List<String> asking = asking(worksOutside(recorders), Runnable::run);

        assertThat(asking).containsExactly("dry run");
        recorders.close();
        assertThat(recorders.droppedSnapshots()).isZero();
    }

    /** Flyway holds its lock on the history on one connection and migrates on the other. */
    @Test
    void toMakeTheTablesDoes() {
        try (TestDatabase empty = kind.empty();
                HikariDataSource one = onlyOne(empty)) {
            OneConnectionPerThread connection = new OneConnectionPerThread(one);

            Throwable thrown =
                    catchThrowable(() -> EventStoreSchema.over(connection).migrate());

            assertThat(thrown).isNotNull();
            assertThat(connection.refused()).isNotEmpty();
        }
    }

    private static HikariDataSource onlyOne(TestDatabase of) {
        HikariDataSource one = TestDatabase.pool(of.url());
        one.setMaximumPoolSize(1);
        one.setConnectionTimeout(2_000);
        return one;
    }

    /** The names of those that have asked for a second connection. */
    private List<String> asking(Map<String, Runnable> works, Consumer<Runnable> doing) {
        List<String> asking = new ArrayList<>();
        works.forEach((name, work) -> {
            Throwable thrown = catchThrowable(() -> doing.accept(work));
            boolean refused = !connections.refused().isEmpty();
            boolean waitedInVain = thrown != null
                    && (Thrown.first(thrown, SQLTransientConnectionException.class)
                                    .isPresent()
                            || Thrown.trace(thrown).contains("second connection"));
            if (refused || waitedInVain) {
                asking.add(name);
            } else if (thrown != null) {
                assertThat(thrown).as(name).isInstanceOf(ConfigurationException.class);
            }
        });
        return asking;
    }

    private Map<String, Runnable> worksInTransactions(MyBatisRecorders recorders) {
        Counters counters = new Counters(recorders);
        Copies copies = new Copies(recorders);
        copies.follow(counters);
        SharedStore store = recorders.sharedStore();
        UUID id = UUID.randomUUID();
        Map<String, Runnable> works = new LinkedHashMap<>();
        works.put("save", () -> counters.count(id, 1));
        works.put("save what snapshots are due for", () -> counters.count(id, 5));
        works.put("get", () -> counters.plain.get(id));
        works.put("get from the cache", () -> counters.cached.get(id));
        works.put("get a version", () -> counters.cached.get(id, 3));
        works.put("take a snapshot", () -> counters.cached.takeSnapshot(id, 4));
        works.put("conflict", () -> counters.conflict(id));
        works.put("read the log", () -> counters.notificationLog().selectPage(NotificationSelection.after(0)));
        works.put("end of the log", () -> counters.notificationLog().end());
        works.put("open appends", () -> counters.notificationLog().openAppends());
        works.put("backlog", () -> counters.notificationLog().backlog(0));
        works.put("topics", () -> counters.notificationLog().countByTopic(NotificationSelection.after(0)));
        works.put("position", () -> recorders.processRecorder("Copies").position("Counters"));
        works.put("parked events", () -> copies.parking().count("Counters"));
        works.put("limit idleness", () -> store.limitIdleness(LONG));
        works.put("process", () -> copies.pullAndProcess("Counters"));
        works.put("wait", () -> copies.waitUntil("Counters", 1, LONG));
        works.put("heads", () -> store.heads(Set.of("Counters")));
        works.put("take leases", () -> store.takeLeases("me", Set.of("Copies"), LONG));
        works.put("read leases", () -> store.leases(Set.of("Copies")));
        works.put("release leases", () -> store.releaseLeases("me", Set.of("Copies")));
        works.put("health", () -> runner(recorders, false).health());
        works.put("pending migrations", () -> recorders.schema().pending());
        works.put("subscription", () -> {
            try (Subscription subscription = Subscription.to(counters).open()) {
                subscription.iterator().next();
            }
        });
        return works;
    }

    private Map<String, Runnable> worksOutside(MyBatisRecorders recorders) {
        Counters counters = new Counters(recorders);
        Copies copies = new Copies(recorders);
        copies.follow(counters);
        Map<String, Runnable> works = worksInTransactions(recorders);
        UUID id = UUID.randomUUID();
        works.put("single-threaded runner", () -> run(runner(recorders, false), leader -> leader.count(id, 5)));
        works.put("multi-threaded runner", () -> run(runner(recorders, true), leader -> leader.count(id, 5)));
        works.put("synchronise", () -> {
            counters.count(id, 5);
            sync(recorders, SyncMode.PROCESS);
        });
        works.put("plan", () -> sync(recorders, SyncMode.PLAN));
        works.put("dry run", () -> {
            counters.count(id, 5);
            sync(recorders, SyncMode.DRY_RUN);
        });
        works.put("migrate", () -> recorders.schema().migrate());
        return works;
    }

    private static void run(Runner runner, Consumer<Counters> work) {
        try (runner) {
            runner.start();
            work.accept(runner.get(Counters.class));
            runner.waitUntilCaughtUp(LONG);
            assertThat(runner.health().followers())
                    .allSatisfy(follower -> assertThat(follower.error()).isEmpty());
        }
    }

    private static void sync(MyBatisRecorders recorders, SyncMode mode) {
        try (Runner runner = runner(recorders, false)) {
            assertThat(new FollowerSync(runner).sync(List.of(), mode).failures())
                    .isEmpty();
        }
    }

    private static Runner runner(MyBatisRecorders recorders, boolean threads) {
        EventDrivenSystem system = EventDrivenSystem.of(pipe(Counters.class, Copies.class));
        return threads ? new MultiThreadedRunner(system, recorders) : new SingleThreadedRunner(system, recorders);
    }

    record Counted(long number) {}

    record Count(long number) {}

    /** What is saved here. */
    static final class Counters extends Application {
        final Repository<Versioned<Count>> plain =
                repository(Count.class, Counted.class, (before, event) -> new Count(event.number()));
        final Repository<Versioned<Count>> cached = repository(
                        Count.class, Counted.class, (before, event) -> new Count(event.number()))
                .snapshots(every(5))
                .cached(10);

        Counters(RecorderFactory recorders) {
            super("Counters", recorders);
        }

        void count(UUID id, int times) {
            for (int i = 0; i < times; i++) {
                Counted counted = new Counted(i);
                save(cached.find(id).map(count -> count.then(counted)).orElseGet(() -> NewEvents.first(id, counted)));
            }
        }

        void conflict(UUID id) {
            try {
                save(NewEvents.first(id, new Counted(0)));
            } catch (RecordConflictException expected) {
                assertThat(plain.contains(id)).isTrue();
            }
        }
    }

    /** Who follows. */
    static final class Copies extends Follower {
        private final Repository<Versioned<Count>> copies = repository(
                        Count.class, Counted.class, (before, event) -> new Count(event.number()))
                .snapshots(every(2))
                .cached(10);

        Copies(RecorderFactory recorders) {
            super("Copies", recorders);
            follows("Counters", Counted.class);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            Counted counted = (Counted) event.payload();
            processing.collect(copies.find(event.originatorId())
                    .map(copy -> copy.then(counted))
                    .orElseGet(() -> NewEvents.first(event.originatorId(), counted)));
        }
    }
}
