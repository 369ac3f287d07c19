package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.persistence.Backlog;
import dev.eventsourcing.persistence.FollowerLease;
import dev.eventsourcing.persistence.NotMigratedException;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.SharedStore;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.ibatis.mapping.BoundSql;
import org.apache.ibatis.mapping.MappedStatement;
import org.apache.ibatis.scripting.defaults.DefaultParameterHandler;
import org.apache.ibatis.session.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Leases, parked events and backlogs, where two connections meet, and what their statements cost. */
@ParameterizedClass
@EnumSource
class FollowerTablesTest {
    private static final UUID DOG = new UUID(0, 1);
    private static final UUID QUIET = new UUID(0, 2);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String IN_AN_HOUR = "CURRENT_TIMESTAMP + INTERVAL '1' HOUR";
    private static final String AN_HOUR_AGO = "CURRENT_TIMESTAMP - INTERVAL '1' HOUR";

    @Parameter
    DatabaseKind kind;

    private TestDatabase database;
    private MyBatisRecorders recorders;
    private SharedStore store;

    @BeforeEach
    void openDatabase() {
        database = kind.migrated();
        recorders = MyBatisRecorders.over(database.dataSource(), ServerMapper.class);
        store = recorders.sharedStore();
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    /** A transaction of another process, which stays open. */
    private Connection open(String... statements) throws SQLException {
        Connection connection = database.dataSource().getConnection();
        connection.setAutoCommit(false);
        run(connection, statements);
        return connection;
    }

    private static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String lease(String follower, String holder, String until) {
        return "INSERT INTO follower_leases (follower_name, holder, until) VALUES ('" + follower + "', '" + holder
                + "', " + until + ")";
    }

    private static String prolong(String holder) {
        return "UPDATE follower_leases SET holder = '" + holder + "', until = " + IN_AN_HOUR
                + " WHERE follower_name = 'Diplomas'";
    }

    private Running<Set<String>> taking(String holder, String... followers) {
        Running<Set<String>> taking =
                Concurrently.start(() -> store.takeLeases(holder, List.of(followers), Duration.ofHours(2)));
        taking.awaitDoneOr(thread -> database.somebodyWaits());
        assertThat(taking.isDone()).isFalse();
        return taking;
    }

    private List<String> holders() {
        return database.column("SELECT holder FROM follower_leases ORDER BY follower_name");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoWhoTakeTheFirstLeaseOfAFollowerOneGetsIt(boolean otherCommits) throws SQLException {
        try (Connection other = open(lease("Diplomas", "other", IN_AN_HOUR))) {
            Running<Set<String>> one = taking("one", "Board", "Diplomas");

            end(other, otherCommits);

            assertThat(one.get()).isEqualTo(otherCommits ? Set.of("Board") : Set.of("Board", "Diplomas"));
            assertThat(holders()).containsExactly("one", otherCommits ? "other" : "one");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoWhoTakeALeaseThatIsOverOneGetsIt(boolean otherCommits) throws SQLException {
        database.execute(lease("Diplomas", "former", AN_HOUR_AGO));
        try (Connection other = open(prolong("other"))) {
            Running<Set<String>> one = taking("one", "Board", "Diplomas");

            end(other, otherCommits);

            assertThat(one.get()).isEqualTo(otherCommits ? Set.of("Board") : Set.of("Board", "Diplomas"));
            assertThat(holders()).containsExactly("one", otherCommits ? "other" : "one");
        }
    }

    @Test
    void aLeaseThatItsHolderProlongsAtTheLastMomentIsNotTakenByWhoWaited() throws SQLException {
        database.execute(lease("Diplomas", "holder", AN_HOUR_AGO));
        try (Connection holder = open(prolong("holder"))) {
            Running<Set<String>> one = taking("one", "Diplomas");

            holder.commit();

            assertThat(one.get()).isEmpty();
            assertThat(store.leases(List.of("Diplomas")))
                    .extracting(FollowerLease::holder)
                    .containsExactly("holder");
        }
    }

    @Test
    void aLeaseIsNotLostWhileItsHolderProlongsIt() {
        store.takeLeases("holder", List.of("Diplomas"), HOUR);
        CountDownLatch asked = new CountDownLatch(50);
        Running<Boolean> other = Concurrently.start(() -> {
            boolean taken = false;
            while (asked.getCount() > 0) {
                taken |= !store.takeLeases("other", List.of("Diplomas"), HOUR).isEmpty();
                asked.countDown();
            }
            return taken;
        });

        int prolonged = 0;
        boolean lost = false;
        while (asked.getCount() > 0 || prolonged == 0) {
            lost |= store.takeLeases("holder", List.of("Diplomas"), HOUR).isEmpty();
            prolonged++;
        }

        assertThat(other.get()).isFalse();
        assertThat(lost).isFalse();
    }

    /** So that of two, each cannot hold what the other waits for. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leasesAreLockedInTheOrderOfTheNamesWhateverTheOrderInWhichTheyAreAskedFor(boolean taken) throws SQLException {
        store.takeLeases("one", List.of("Board", "Diplomas"), HOUR);
        try (Connection other = open("UPDATE follower_leases SET until = until WHERE follower_name = 'Board'")) {
            Running<?> waiting = Concurrently.start(() -> {
                if (taken) {
                    store.takeLeases("one", List.of("Diplomas", "Board"), HOUR);
                } else {
                    store.releaseLeases("one", List.of("Diplomas", "Board"));
                }
            });
            waiting.awaitDoneOr(thread -> database.somebodyWaits());
            assertThat(waiting.isDone()).isFalse();

            run(other, "UPDATE follower_leases SET until = until WHERE follower_name = 'Diplomas'");
            other.commit();

            waiting.get();
        }
    }

    @Test
    void leasesWaitForNoPositionThatIsBeingMoved() throws SQLException {
        String position = "INSERT INTO notification_tracking (application_name, leader_name, notification_id, epoch)"
                + " VALUES ('Diplomas', 'TrainingSchool', 1, 0)";
        try (Connection other = open(position)) {
            assertThat(store.takeLeases("one", List.of("Diplomas"), HOUR)).containsExactly("Diplomas");
            other.rollback();
        }
    }

    private static void end(Connection connection, boolean commits) throws SQLException {
        if (commits) {
            connection.commit();
        } else {
            connection.rollback();
        }
    }

    private static ParkedEvent parked(long notificationId, String reason) {
        return new ParkedEvent(
                "TrainingSchool", notificationId, DOG, notificationId, "Dog.TrickAdded", reason, 1, Instant.EPOCH);
    }

    private static List<ParkedEvent> all(ParkedEvents events) {
        return events.select("TrainingSchool", 0, 100);
    }

    /** Whose position was moved meanwhile is told when it moves it itself. */
    @Test
    void whoParksWhatAnotherIsParkingWaitsAndLosesNothing() {
        ParkedEvents events = recorders.parkedEvents("Diplomas");
        CountDownLatch written = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Running<?> first = Concurrently.start(() -> recorders.transactions().required(() -> {
            events.park(List.of(parked(7, "first")));
            written.countDown();
            Concurrently.await(release);
            return true;
        }));
        Concurrently.await(written);
        Running<?> second = Concurrently.start(() -> events.park(List.of(parked(7, "second"))));
        second.awaitDoneOr(thread -> database.somebodyWaits());
        assertThat(second.isDone()).isFalse();

        release.countDown();
        first.get();

        try {
            second.get();
        } catch (PersistenceException refused) {
            // H2 waits in some statements for the other row, and in others finds it when it inserts its own.
            assertThat(refused.isTransient()).isTrue();
            events.park(List.of(parked(7, "second")));
        }
        assertThat(all(events)).extracting(ParkedEvent::attempts).containsExactly(2);
        assertThat(all(events)).extracting(ParkedEvent::reason).containsExactly("second");
    }

    @Test
    void keepsReasonsWithCharactersThatADatabaseDoesNot() {
        ParkedEvents events = recorders.parkedEvents("Diplomas");

        events.park(List.of(parked(7, "a\0b")));

        assertThat(all(events)).extracting(ParkedEvent::reason).containsExactly("a\uFFFDb");
    }

    @Test
    void objectsForTheSameStoreAreEqual() {
        assertThat(recorders.sharedStore()).isEqualTo(store).hasSameHashCodeAs(store);
        assertThat(recorders.forApplication("Diplomas").sharedStore()).isEqualTo(store);
        assertThat(recorders.inSchema("other").sharedStore()).isNotEqualTo(store);
        try (MyBatisRecorders bySettings = MyBatisRecorders.fromSettings(Settings.of(database.settings()))) {
            assertThat(bySettings.forApplication("Diplomas").sharedStore())
                    .isEqualTo(bySettings.forApplication("Board").sharedStore());
        }
    }

    @Test
    void tellsWhoUsesTablesOfAnEarlierVersionWhatToDo() {
        database.execute("DROP TABLE follower_leases");
        database.execute("DROP TABLE parked_events");
        ParkedEvents events = recorders.parkedEvents("Diplomas");

        for (Runnable use : List.<Runnable>of(
                () -> store.takeLeases("one", List.of("Diplomas"), HOUR),
                () -> store.releaseLeases("one", List.of("Diplomas")),
                () -> store.leases(List.of("Diplomas")),
                () -> events.park(List.of(parked(7, "no"))),
                () -> events.remove("TrainingSchool", List.of(7L)),
                () -> events.originators("TrainingSchool", List.of(DOG)),
                () -> events.select("TrainingSchool", DOG, 0, 1),
                () -> events.count("TrainingSchool"))) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(NotMigratedException.class)
                    .hasMessageContaining("mvn eventsourcing:migrate");
        }
    }

    @Test
    void tellsWhoUsesLeasesWithoutTheirTimesWhatToDo() {
        database.execute("ALTER TABLE follower_leases DROP COLUMN lease_millis");

        for (Runnable use : List.<Runnable>of(
                () -> store.takeLeases("one", List.of("Diplomas"), HOUR), () -> store.leases(List.of("Diplomas")))) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(NotMigratedException.class)
                    .hasMessageContaining("mvn eventsourcing:migrate");
        }
    }

    /** An operator may set such an end so that no process runs the follower; H2 has no infinity. */
    @Test
    void aLeaseWithoutEndCanBeRead() {
        boolean endless = kind == DatabaseKind.POSTGRESQL;
        database.execute(lease("Diplomas", "operator", endless ? "'infinity'" : "TIMESTAMP '9999-12-31 00:00:00+00'"));

        List<FollowerLease> leases = store.leases(List.of("Diplomas"));

        assertThat(leases).extracting(FollowerLease::holder).containsExactly("operator");
        assertThat(store.takeOverLeases("one", leases, HOUR)).hasSize(endless ? 0 : 1);
    }

    private String idleLimit() {
        return recorders.mapper(ServerMapper.class).idleInTransactionTimeout();
    }

    @Test
    void limitsIdlenessInTheTransactionInHandOnlyAndNeverRaisesALimit() {
        Duration twoSeconds = Duration.ofSeconds(2);
        if (kind == DatabaseKind.H2) {
            recorders.transactions().required(() -> store.limitIdleness(twoSeconds));
            return;
        }
        String before = idleLimit();

        store.limitIdleness(twoSeconds);
        recorders.transactions().required(() -> {
            store.limitIdleness(twoSeconds);
            assertThat(idleLimit()).isEqualTo("2s");
            store.limitIdleness(HOUR);
            assertThat(idleLimit()).isEqualTo("2s");
            store.limitIdleness(Duration.ofMillis(1_500));
            assertThat(idleLimit()).isEqualTo("1500ms");
        });

        assertThat(idleLimit()).isEqualTo(before);
    }

    private void recordMany(int events) {
        database.execute(
                kind == DatabaseKind.H2
                        ? "INSERT INTO stored_events (id, application_name, originator_id, originator_version, topic, state)"
                                + " SELECT x, 'Busy', RANDOM_UUID(), 1, 'T', X'01' FROM SYSTEM_RANGE(1, " + events + ")"
                        : "INSERT INTO stored_events (application_name, originator_id, originator_version, topic, state)"
                                + " SELECT 'Busy', gen_random_uuid(), 1, 'T', '\\x01' FROM generate_series(1, " + events
                                + ")");
        if (kind == DatabaseKind.H2) {
            database.execute("UPDATE notification_counter SET last_id = " + events);
        }
    }

    /** How the database does a statement of ours, with what it did for it. */
    private String plan(String name, Map<String, ?> parameters) throws SQLException {
        try (Connection connection = database.dataSource().getConnection()) {
            Statements statements = new Statements(Database.of(connection), Schema.OF_CONNECTION);
            Configuration users = new Configuration();
            statements.copyTo(users);
            MappedStatement mapped = users.getMappedStatements().stream()
                    .filter(statement -> statement.getId().endsWith(".eventsourcing_" + name))
                    .findFirst()
                    .orElseThrow();
            BoundSql bound = mapped.getBoundSql(parameters);
            String explain = kind == DatabaseKind.H2 ? "EXPLAIN ANALYZE " : "EXPLAIN (ANALYZE, BUFFERS) ";
            try (PreparedStatement statement = connection.prepareStatement(explain + bound.getSql())) {
                new DefaultParameterHandler(mapped, parameters, bound).setParameters(statement);
                StringBuilder plan = new StringBuilder();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        plan.append(rows.getString(1)).append('\n');
                    }
                }
                return plan.toString();
            }
        }
    }

    /** The highest number of rows that one step of a plan has looked at. */
    private static long mostRows(String plan) {
        return Stream.of("scanCount: (\\d+)", "actual .*?rows=(\\d+)", "Rows Removed by .*?: (\\d+)")
                .flatMap(pattern -> Pattern.compile(pattern).matcher(plan).results())
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .max()
                .orElseThrow();
    }

    @Slow("fills a table with 50,000 events")
    @Test
    void theHeadsOfQuietApplicationsAreFoundByTheIndexAloneAmongManyEventsOfOthers() throws SQLException {
        recordMany(50_000);
        recorders.applicationRecorder("Quiet").insertEvents(List.of(new StoredEvent(QUIET, 1, "T", new byte[] {1})));
        EventArrays.Rows<String> names = new EventArrays.Rows<>(List.of("Another", "Busy", "Quiet"));

        String plan = plan("selectHeads", Map.of("names", names));

        assertThat(store.heads(List.of("Another", "Busy", "Quiet")))
                .containsExactlyInAnyOrderEntriesOf(Map.of("Another", 0L, "Busy", 50_000L, "Quiet", 50_001L));
        assertThat(plan)
                .contains(
                        kind == DatabaseKind.H2 ? "index sorted" : "Index Only Scan Backward using stored_events_pkey");
        assertThat(mostRows(plan)).as(plan).isLessThan(10);
    }

    /** It does not cost more the longer the log is. */
    @Test
    void aPageOfALogIsFoundByTheIndex() throws SQLException {
        recordMany(20_000);

        String plan = plan(
                "selectNotifications",
                Map.of("application", "Busy", "after", 10_000L, "upTo", 20_000L, "limit", 10, "generation", ""));

        assertThat(mostRows(plan)).as(plan).isBetween(10L, 20L);
    }

    @Slow("fills a table with more events than are counted")
    @Test
    void theBacklogIsCountedUpToALimitByTheIndex() throws SQLException {
        recordMany((int) Backlog.MOST_COUNTED + 1);

        assertThat(recorders
                        .applicationRecorder("Busy")
                        .backlog(0)
                        .orElseThrow()
                        .events())
                .isEqualTo(Backlog.MOST_COUNTED);
        assertThat(recorders
                        .applicationRecorder("Busy")
                        .backlog(99_990)
                        .orElseThrow()
                        .events())
                .isEqualTo(11);
        String plan =
                plan("selectBacklog", Map.of("application", "Busy", "after", 99_990L, "most", Backlog.MOST_COUNTED));
        assertThat(mostRows(plan)).as(plan).isLessThan(15);
    }

    @Test
    void anEventOfTheFutureHasNoAge() {
        recorders.applicationRecorder("Quiet").insertEvents(List.of(new StoredEvent(QUIET, 1, "T", new byte[] {1})));
        database.execute("UPDATE stored_events SET recorded_at = " + IN_AN_HOUR);

        assertThat(recorders.applicationRecorder("Quiet").backlog(0)).contains(new Backlog(1, Duration.ZERO));

        database.execute("UPDATE stored_events SET recorded_at = " + AN_HOUR_AGO);
        assertThat(recorders
                        .applicationRecorder("Quiet")
                        .backlog(0)
                        .orElseThrow()
                        .age())
                .isBetween(HOUR, HOUR.plusMinutes(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whetherAnOriginatorHasParkedEventsTakesOneProbeHoweverManyThereAre(boolean analyzed) throws SQLException {
        ParkedEvents events = recorders.parkedEvents("Diplomas");
        events.park(LongStream.rangeClosed(1, 20_000)
                .mapToObj(id -> parked(id, "no"))
                .toList());
        if (analyzed) {
            database.execute("ANALYZE");
        }
        EventArrays.Rows<UUID> ids = new EventArrays.Rows<>(List.of(DOG, QUIET));

        String plan = plan(
                "selectParkedOriginators",
                Map.of("application", "Diplomas", "leader", "TrainingSchool", "originatorIds", ids));

        assertThat(events.originators("TrainingSchool", List.of(DOG, QUIET))).containsExactly(DOG);
        assertThat(mostRows(plan)).as(plan).isLessThan(10);
        String page = plan(
                "selectParkedEventsOfOriginator",
                Map.of(
                        "application",
                        "Diplomas",
                        "leader",
                        "TrainingSchool",
                        "originatorId",
                        QUIET,
                        "after",
                        0L,
                        "limit",
                        10));
        assertThat(mostRows(page)).as(page).isLessThan(10);
    }
}
