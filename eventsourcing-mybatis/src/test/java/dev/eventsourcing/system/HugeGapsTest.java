package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.RunnersTest.Kind;
import dev.eventsourcing.testsupport.CountedConnections;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A log with few events and ids up to ten million: what it costs to follow it is for the events, not for the ids. */
class HugeGapsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    /** A page or a batch for each thousand of ids would be 10,000. */
    private static final long FEW = 200;

    static Stream<Arguments> kindsAndProducts() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(Product.values()).map(product -> Arguments.of(kind, product)));
    }

    @ParameterizedTest
    @MethodSource("kindsAndProducts")
    void areFollowedWithFewQueries(Kind kind, Product product) {
        CountedConnections followers = new CountedConnections("eventsourcing followers");
        try (TestDatabase database = product.migrated()) {
            RecorderFactory recorders = MyBatisRecorders.over(followers.over(database.dataSource()));
            try (Runner runner = kind.of(
                    EventDrivenSystem.of(pipe(Words.class, Echo.class)), recorders, RunnerSettings.defaults())) {
                Words words = runner.get(Words.class);
                Words others = new Words("Others", MyBatisRecorders.over(database.dataSource()));
                Words elsewhere = new Words(MyBatisRecorders.over(database.dataSource()));
                runner.start();

                words.say("a", "b");
                product.nextId(database, 1_000_000);
                others.say("not", "for", "us");
                product.nextId(database, 5_000_000);
                elsewhere.say("c");
                runner.waitUntilCaughtUp(LONG);
                product.nextId(database, 9_999_999);
                words.say("d", "e");
                others.say("nor this");
                words.say("f");
                runner.waitUntilCaughtUp(LONG);

                assertThat(runner.get(Echo.class).repeated()).containsExactly("a", "b", "c", "d", "e", "f");
                // The follower takes ids, too, and may be faster.
                assertThat(database.column("SELECT id FROM stored_events WHERE application_name = 'Words' ORDER BY id"))
                        .satisfiesExactly(
                                a -> assertThat(a).isEqualTo("1"),
                                b -> assertThat(b).isEqualTo("2"),
                                c -> assertThat(Long.parseLong(c)).isBetween(5_000_000L, 5_000_010L),
                                d -> assertThat(Long.parseLong(d)).isBetween(9_999_999L, 10_000_010L),
                                e -> assertThat(Long.parseLong(e)).isBetween(10_000_000L, 10_000_010L),
                                f -> assertThat(Long.parseLong(f)).isBetween(10_000_001L, 10_000_020L));
                assertThat(runner.health().isHealthy()).isTrue();
                assertThat(runner.failures()).isEmpty();
            }
            assertThat(followers.given()).isLessThan(FEW);
        }
    }

    /** The databases, and where they keep the next id. */
    enum Product {
        H2 {
            @Override
            TestDatabase migrated() {
                return H2Database.migrated();
            }

            @Override
            void nextId(TestDatabase database, long id) {
                database.execute("UPDATE notification_counter SET last_id = " + (id - 1));
            }
        },
        POSTGRESQL {
            @Override
            TestDatabase migrated() {
                return PostgresDatabase.migrated();
            }

            @Override
            void nextId(TestDatabase database, long id) {
                database.execute("ALTER TABLE stored_events ALTER COLUMN id RESTART WITH " + id);
            }
        };

        abstract TestDatabase migrated();

        abstract void nextId(TestDatabase database, long id);
    }
}
