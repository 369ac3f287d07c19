package dev.eventsourcing.persistence.mybatis;

import static dev.eventsourcing.application.SnapshotInterval.every;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.application.SnapshotInterval;
import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.NameBasedIds;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.spring.SpringRecorders;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.OneConnectionPerThread;
import dev.eventsourcing.testsupport.TestDatabase;
import dev.eventsourcing.testsupport.Warnings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/** In a container's transaction the thread that commits holds its connection while it is told so: snapshots are not its work. */
@ParameterizedClass
@EnumSource
class BackgroundSnapshotsTest {
    private static final int SAVERS = 24;
    private static final int SAVES = 10;

    @Parameter
    DatabaseKind kind;

    private TestDatabase database;
    private final List<AutoCloseable> closing = new ArrayList<>();

    @BeforeEach
    void open() {
        database = kind.migrated();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable resource : closing) {
            resource.close();
        }
        database.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 10})
    void noSaverWaitsForASecondConnectionHoweverSmallThePool(int connections) {
        OneConnectionPerThread pool = new OneConnectionPerThread(pool(database, connections));
        MyBatisRecorders recorders = SpringRecorders.over(pool);
        Shelf shelf = new Shelf(recorders, every(2));

        List<Running<Void>> savers = IntStream.range(0, SAVERS)
                .mapToObj(saver -> Concurrently.start(() -> {
                    for (int save = 0; save < SAVES; save++) {
                        recorders.transactions().required(() -> shelf.put("shelf " + saver));
                    }
                }))
                .toList();
        savers.forEach(Running::get);
        recorders.close();

        int due = SAVERS * SAVES / 2;
        assertThat(pool.refused()).isEmpty();
        assertThat(database.count("stored_events")).isEqualTo(SAVERS * SAVES);
        assertThat(database.count("snapshots")).isEqualTo(due - recorders.droppedSnapshots());
        assertThat(recorders.droppedSnapshots()).isLessThanOrEqualTo(due / 20);
    }

    @Test
    void theThreadThatCommitsDoesNotWaitForTheSnapshot() {
        MyBatisRecorders recorders = SpringRecorders.over(database.dataSource());
        Blocked blocked = new Blocked();
        Shelf shelf = new Shelf(recorders, every(1), blocked);

        recorders.transactions().required(() -> shelf.put("a"));
        blocked.awaitBegun();

        assertThat(database.count("stored_events")).isEqualTo(1);
        assertThat(database.count("snapshots")).isZero();
        blocked.release();
        recorders.close();
        assertThat(database.count("snapshots")).isEqualTo(1);
        assertThat(recorders.droppedSnapshots()).isZero();
    }

    /** They take what is due when they are closed, and nothing after that. */
    @Test
    void closedRecordersDropWhatIsDueAndSaySoOnce() {
        MyBatisRecorders recorders = SpringRecorders.over(database.dataSource());
        Shelf shelf = new Shelf(recorders, every(1));
        recorders.transactions().required(() -> shelf.put("a"));
        recorders.close();

        try (Warnings warnings = new Warnings()) {
            recorders.transactions().required(() -> shelf.put("a"));
            recorders.transactions().required(() -> shelf.put("a"));

            assertThat(warnings.text()).containsOnlyOnce("as the recorders are closed");
        }

        assertThat(database.count("stored_events")).isEqualTo(3);
        assertThat(database.count("snapshots")).isEqualTo(1);
        assertThat(recorders.droppedSnapshots()).isEqualTo(2);
    }

    @Test
    void whatIsTooMuchIsDroppedAndCountedAndSaidOnce() {
        MyBatisRecorders recorders = SpringRecorders.over(database.dataSource());
        Blocked blocked = new Blocked();
        Shelf shelf = new Shelf(recorders, every(1), blocked);
        recorders.transactions().required(() -> shelf.put("a"));
        blocked.awaitBegun();

        try (Warnings warnings = new Warnings()) {
            recorders.transactions().required(() -> shelf.putMany("b", BackgroundWork.MOST_WAITING + 3));

            assertThat(warnings.text())
                    .containsOnlyOnce("as " + BackgroundWork.MOST_WAITING + " are waiting for the background thread");
        }

        assertThat(recorders.droppedSnapshots()).isEqualTo(3);
        assertThat(database.count("stored_events")).isEqualTo(1 + BackgroundWork.MOST_WAITING + 3);
        blocked.release();
        recorders.close();
        Concurrently.awaitUntil(() ->
                database.count("snapshots") + recorders.droppedSnapshots() == 1 + BackgroundWork.MOST_WAITING + 3);
    }

    /** They are taken in one transaction, which the broken one has rolled back. */
    @Test
    void oneThatFailsKeepsNoOtherFromBeingTaken() {
        MyBatisRecorders recorders = SpringRecorders.over(database.dataSource());
        Blocked blocked = new Blocked();
        Shelf shelf = new Shelf(recorders, every(1), blocked.then(taken -> {
            if (taken.equals(Shelf.idOf("broken"))) {
                throw new IllegalStateException("camera broken");
            }
        }));
        recorders.transactions().required(() -> shelf.put("first"));
        blocked.awaitBegun();

        try (Warnings warnings = new Warnings()) {
            recorders.transactions().required(() -> {
                shelf.put("a");
                shelf.put("broken");
                shelf.put("b");
            });
            blocked.release();
            recorders.close();

            assertThat(warnings.text())
                    .containsOnlyOnce(" - No snapshot was taken of version 1 of " + Shelf.idOf("broken"))
                    .contains("camera broken");
        }

        assertThat(database.column("SELECT originator_id FROM snapshots"))
                .containsExactlyInAnyOrder(
                        Shelf.idOf("first").toString(),
                        Shelf.idOf("a").toString(),
                        Shelf.idOf("b").toString());
        assertThat(recorders.droppedSnapshots()).isEqualTo(1);
    }

    @Test
    void whereThereIsNoConnectionTheyAreDroppedAndOneWarningSaysWhy() {
        HikariDataSource pool = pool(database, 2);
        MyBatisRecorders recorders = SpringRecorders.over(pool);
        Blocked blocked = new Blocked();
        Shelf shelf = new Shelf(recorders, every(1), blocked);
        recorders.transactions().required(() -> shelf.put("first"));
        blocked.awaitBegun();

        try (Warnings warnings = new Warnings()) {
            recorders.transactions().required(() -> {
                shelf.put("a");
                shelf.put("b");
            });
            pool.close();
            blocked.release();
            recorders.close();

            assertThat(warnings.text()).containsOnlyOnce("as the background thread could not begin a transaction");
        }

        assertThat(recorders.droppedSnapshots()).isGreaterThanOrEqualTo(2);
        assertThat(database.count("stored_events")).isEqualTo(3);
    }

    // Tenants.

    /** The same id in both, as ids are made of names; and where nobody says which tenant, there is a default one. */
    @Test
    void noneIsWrittenToAnotherTenantThanTheOneThatCommitted() {
        try (TestDatabase other = kind.migrated()) {
            ByTenant tenants =
                    new ByTenant(Map.of("ours", database.dataSource(), "other", other.dataSource()), "other");
            new Shelf(MyBatisRecorders.over(other.dataSource()), SnapshotInterval.onRequest()).putMany("a", 2);
            MyBatisRecorders recorders = SpringRecorders.over(tenants);
            Shelf shelf = new Shelf(recorders, every(2));

            try (Warnings warnings = new Warnings()) {
                tenants.as("ours", () -> recorders.transactions().required(() -> shelf.putMany("a", 2)));
                tenants.as("ours", () -> recorders.transactions().required(() -> shelf.putMany("b", 2)));
                recorders.close();

                assertThat(warnings.text())
                        .containsOnlyOnce("does not lead to where the events were committed")
                        .contains("MyBatisRecorders.withTaskDecorator");
            }

            assertThat(other.count("snapshots")).isZero();
            assertThat(database.count("snapshots")).isZero();
            assertThat(recorders.droppedSnapshots()).isEqualTo(2);
        }
    }

    @Test
    void aDecoratorTakesTheTenantOver() {
        try (TestDatabase other = kind.migrated()) {
            ByTenant tenants = new ByTenant(Map.of("ours", database.dataSource(), "other", other.dataSource()), null);
            MyBatisRecorders recorders = SpringRecorders.over(tenants)
                    .withTaskDecorator(work -> {
                        String tenant = tenants.current();
                        return () -> tenants.as(tenant, work);
                    })
                    .ordering(
                            kind == DatabaseKind.H2 ? OrderingStrategy.COUNTER_ROW : OrderingStrategy.READERS_BARRIER);
            Shelf shelf = new Shelf(recorders, every(2));

            tenants.as("ours", () -> recorders.transactions().required(() -> shelf.putMany("a", 2)));
            tenants.as("other", () -> recorders.transactions().required(() -> shelf.putMany("a", 4)));
            tenants.as("ours", () -> recorders.transactions().required(() -> shelf.putMany("b", 2)));
            recorders.close();

            assertThat(database.count("snapshots")).isEqualTo(2);
            assertThat(other.count("snapshots")).isEqualTo(2);
            assertThat(recorders.droppedSnapshots()).isZero();
        }
    }

    @Test
    void aDecoratorThatFailsFailsNoSave() {
        MyBatisRecorders recorders = SpringRecorders.over(database.dataSource()).withTaskDecorator(work -> {
            throw new IllegalStateException("no tenant");
        });
        Shelf shelf = new Shelf(recorders, every(1));

        try (Warnings warnings = new Warnings()) {
            recorders.transactions().required(() -> shelf.put("a"));
            recorders.transactions().required(() -> shelf.put("a"));

            assertThat(warnings.text())
                    .containsOnlyOnce("as it could not be handed to the background thread")
                    .contains("no tenant");
        }

        assertThat(database.count("stored_events")).isEqualTo(2);
        assertThat(recorders.droppedSnapshots()).isEqualTo(2);
    }

    private HikariDataSource pool(TestDatabase of, int connections) {
        HikariDataSource pool = TestDatabase.pool(of.url());
        pool.setMaximumPoolSize(connections);
        closing.add(pool);
        return pool;
    }

    /** Chooses the database by the tenant of the thread, as is usual with Spring. */
    private static final class ByTenant extends AbstractRoutingDataSource {
        private final ThreadLocal<@Nullable String> tenant = new ThreadLocal<>();

        ByTenant(Map<String, DataSource> tenants, @Nullable String ofNobody) {
            setTargetDataSources(Map.copyOf(tenants));
            if (ofNobody != null) {
                setDefaultTargetDataSource(tenants.get(ofNobody));
            }
            afterPropertiesSet();
        }

        @Override
        protected @Nullable Object determineCurrentLookupKey() {
            return tenant.get();
        }

        @Nullable String current() {
            return tenant.get();
        }

        void as(@Nullable String name, Runnable work) {
            tenant.set(name);
            try {
                work.run();
            } finally {
                tenant.remove();
            }
        }
    }

    /** A snapshot that is being taken until a test lets it go on. */
    private static final class Blocked implements Consumer<UUID> {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private Consumer<UUID> next = id -> {};

        Blocked then(Consumer<UUID> other) {
            next = other;
            return this;
        }

        void awaitBegun() {
            Concurrently.await(begun);
        }

        void release() {
            released.countDown();
        }

        @Override
        public void accept(UUID id) {
            begun.countDown();
            try {
                Concurrently.await(released);
            } finally {
                // Who has waited in vain does so once.
                released.countDown();
            }
            next.accept(id);
        }
    }

    record Put(int thing) {}

    record Content(int things) {}

    private static final class Thing extends Aggregate<Put> {
        private int things;

        Thing(UUID id) {
            super(id);
        }

        void put() {
            trigger(new Put(things));
        }

        @Override
        protected void apply(Put event) {
            things++;
        }
    }

    private static final class Shelf extends Application {
        private final Repository<Thing> things;

        Shelf(RecorderFactory recorders, SnapshotInterval interval) {
            this(recorders, interval, id -> {});
        }

        Shelf(RecorderFactory recorders, SnapshotInterval interval, Consumer<UUID> taking) {
            super("Shelf", recorders);
            things = repository(Thing.class, Thing::new)
                    .snapshots(
                            Content.class,
                            thing -> {
                                taking.accept(thing.id());
                                return new Content(thing.things);
                            },
                            (thing, content) -> thing.things = content.things(),
                            interval);
        }

        static UUID idOf(String name) {
            return NameBasedIds.nameBasedId(NameBasedIds.URL, "/shelves/" + name);
        }

        void put(String name) {
            putMany(name, 1);
        }

        void putMany(String name, int number) {
            Thing thing = things.find(idOf(name)).orElseGet(() -> new Thing(idOf(name)));
            for (int i = 0; i < number; i++) {
                thing.put();
            }
            save(thing);
        }
    }
}
