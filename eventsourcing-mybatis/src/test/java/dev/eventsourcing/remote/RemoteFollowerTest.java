package dev.eventsourcing.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.CipherKeys;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.StateFormat;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.remote.Letters.Archive;
import dev.eventsourcing.remote.NotificationLogEndpoint.Answer;
import dev.eventsourcing.system.EventProcessingException;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.LogMismatchException;
import dev.eventsourcing.system.ProcessingEvent;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import dev.eventsourcing.testsupport.Warnings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import training.Dog;
import training.TrainingSchool;
import training.TrickBoard;
import training.TrickCount;
import training.TrickCountMapper;

/** A follower with a database of its own, which has nothing of its leader but what a server gives it. */
class RemoteFollowerTest {
    private static final String SCHOOL = "TrainingSchool";

    @ParameterizedTest
    @EnumSource
    void processesEachEventOnceAndGoesOnAfterARestart(Product product) {
        try (World world = new World(product, 500)) {
            TrickBoard board = world.board();
            board.createTable();
            world.school.register("Fido");
            world.school.addTrick("Fido", "sit");

            assertThat(board.pullAndProcess(SCHOOL)).isEqualTo(1);
            assertThat(board.pullAndProcess(SCHOOL)).isZero();
            world.school.addTrick("Fido", "roll over");
            TrickBoard restarted = world.board();

            assertThat(restarted.pullAndProcess(SCHOOL)).isEqualTo(1);
            assertThat(board.pullAndProcess(SCHOOL)).isZero();
            assertThat(restarted.counts())
                    .containsExactlyInAnyOrder(new TrickCount("sit", 1), new TrickCount("roll over", 1));
            assertThat(world.position()).isEqualTo(world.end());
        }
    }

    @ParameterizedTest
    @EnumSource
    void processesBatchesThatAreLargerThanTheServersPages(Product product) {
        try (World world = new World(product, 3)) {
            Archive archive = new Archive(world.recorders).batch(1_000);
            world.letters.write(
                    IntStream.range(0, 40).mapToObj(Integer::toString).toArray(String[]::new));
            archive.follow(Letters.NAME, world.log(Letters.NAME));

            assertThat(archive.pullAndProcess(Letters.NAME)).isEqualTo(40);

            assertThat(archive.seen)
                    .containsExactlyElementsOf(
                            IntStream.range(0, 40).mapToObj(Integer::toString).toList());
            assertThat(archive.notificationLog().select(NotificationSelection.after(0)))
                    .hasSize(40);
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesOnWhereItIsWhenTheServerComesBack(Product product) {
        try (World world = new World(product, 500)) {
            TrickBoard board = world.board();
            board.createTable();
            world.school.register("Fido");
            world.school.addTrick("Fido", "sit");
            board.pullAndProcess(SCHOOL);
            world.server.stop();
            world.school.addTrick("Fido", "stay");

            assertThatThrownBy(() -> board.pullAndProcess(SCHOOL))
                    .isInstanceOf(CannotConnectException.class)
                    .hasMessageContaining(world.server.base() + "/v1/TrainingSchool/end")
                    .hasMessageContaining("Does the server run");
            world.server.start();

            assertThat(board.pullAndProcess(SCHOOL)).isEqualTo(1);
            assertThat(board.counts()).containsExactlyInAnyOrder(new TrickCount("sit", 1), new TrickCount("stay", 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatDiesInTheMiddleOfAnAnswerCostsNothingAndRepeatsNothing(Product product) {
        try (World world = new World(product, 100)) {
            TrickBoard board = world.board();
            board.createTable();
            Dog fido = Dog.register("Fido");
            IntStream.range(0, 700).forEach(i -> fido.addTrick("trick " + i));
            world.school.save(fido);
            // The end, five pages that make a batch, and the page that breaks off.
            world.server.dieDuring(7);

            assertThatThrownBy(() -> board.pullAndProcess(SCHOOL)).isInstanceOf(CannotConnectException.class);
            assertThat(board.counts()).hasSize(500);
            world.server.start();

            assertThat(board.pullAndProcess(SCHOOL)).isEqualTo(200);
            assertThat(board.counts()).hasSize(700).extracting(TrickCount::dogs).containsOnly(1);
            assertThat(world.position()).isEqualTo(world.end());
        }
    }

    @ParameterizedTest
    @EnumSource
    void itsPositionPassesByWhatIsNotForIt(Product product) {
        try (World world = new World(product, 500)) {
            TrickBoard board = world.board();
            board.createTable();
            for (int dog = 0; dog < 20; dog++) {
                world.school.register("Dog " + dog);
            }

            assertThat(board.pullAndProcess(SCHOOL)).isZero();

            assertThat(world.position()).isEqualTo(world.end());
            assertThat(world.server.requests()).hasSize(2);
            assertThat(board.pullAndProcess(SCHOOL)).isZero();
            // The end, and the last event: nothing else is read again.
            assertThat(world.server.requests()).hasSize(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void stopsInFrontOfALogThatWasPutBackToAnOlderState(Product product) {
        try (World world = new World(product, 2)) {
            TrickBoard board = world.board();
            board.createTable();
            world.school.register("Fido");
            world.school.addTrick("Fido", "sit");
            world.school.addTrick("Fido", "stay");
            board.pullAndProcess(SCHOOL);
            long last = world.end();
            world.leadersDatabase.execute("DELETE FROM stored_events WHERE id = " + last);
            world.leadersDatabase.execute(
                    product == Product.POSTGRESQL
                            ? "ALTER TABLE stored_events ALTER COLUMN id RESTART WITH " + last
                            : "UPDATE notification_counter SET last_id = " + (last - 1));
            world.school.addTrick("Fido", "roll over");

            assertThatExceptionOfType(LogMismatchException.class)
                    .isThrownBy(() -> world.board().pullAndProcess(SCHOOL));
            assertThatExceptionOfType(LogMismatchException.class)
                    .isThrownBy(() -> board.waitUntil(SCHOOL, last, Duration.ZERO));
        }
    }

    @ParameterizedTest
    @EnumSource
    void followsAnEndpointOfAnEarlierVersionWithAWarning(Product product) {
        try (World world = new World(product, 2);
                LogServer earlier = LogServer.of(withoutMarks(world.endpoint));
                Warnings warnings = new Warnings()) {
            TrickBoard board = new TrickBoard(world.recorders);
            board.follow(SCHOOL, RemoteNotificationLog.at(earlier.base(), SCHOOL));
            board.createTable();
            world.school.register("Fido");
            for (String trick : List.of("sit", "stay", "roll over")) {
                world.school.addTrick("Fido", trick);
                board.pullAndProcess(SCHOOL);
            }

            board.waitUntil(SCHOOL, world.end(), Duration.ZERO);

            assertThat(board.counts()).hasSize(3);
            assertThat(warnings.text().split("does not identify its events", -1))
                    .hasSize(2);
        }
    }

    private static HttpHandler withoutMarks(NotificationLogEndpoint endpoint) {
        return exchange -> {
            Answer answer = endpoint.answer(
                    "GET",
                    exchange.getRequestURI().getPath().substring("/log".length()),
                    exchange.getRequestURI().getRawQuery());
            byte[] body = new String(answer.body(), UTF_8)
                    .replaceAll("\"marks\":\\[[^]]*],", "")
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        };
    }

    @ParameterizedTest
    @EnumSource
    void gapsStopNobody(Product product) {
        try (World world = new World(product, 2)) {
            TrickBoard board = world.board();
            board.createTable();
            for (int dog = 0; dog < 5; dog++) {
                world.letters.write("a", "b");
                world.school.register("Dog " + dog);
                world.school.addTrick("Dog " + dog, "sit");
                rollBack(world, "Lost " + dog);
            }

            assertThat(board.pullAndProcess(SCHOOL)).isEqualTo(5);

            assertThat(board.counts()).containsExactly(new TrickCount("sit", 5));
            assertThat(world.position()).isEqualTo(world.end());
        }
    }

    private static void rollBack(World world, String dog) {
        assertThatThrownBy(() -> world.leaders.transactions().required(() -> {
                    world.school.register(dog);
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");
    }

    @Slow("a catch-up waits a second for an open append")
    @Test
    void waitsForAnAppendThatIsOpenAndProcessesAllInOrder() {
        try (World world = new World(Product.POSTGRESQL, 500)) {
            Archive archive = new Archive(world.recorders);
            archive.follow(Letters.NAME, world.log(Letters.NAME));
            CountDownLatch appended = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            Running<Void> late = openAppend(world, appended, release);
            Concurrently.await(appended);
            world.letters.write("committed first");

            // It is patient for a while, and then leaves what may yet get something below it.
            assertThat(archive.pullAndProcess(Letters.NAME)).isZero();
            assertThat(world.position(Letters.NAME)).isZero();
            assertThat(world.log(Letters.NAME).end().isSettled()).isFalse();
            assertThat(world.log(Letters.NAME).openAppends()).singleElement().satisfies(open -> {
                assertThat(open.pid()).isPresent();
                assertThat(open.age()).isPresent();
                assertThat(open.what()).isEmpty();
            });
            Running<Long> waiting = Concurrently.start(() -> archive.pullAndProcess(Letters.NAME));
            release.countDown();
            late.get();

            assertThat(waiting.get() + archive.pullAndProcess(Letters.NAME)).isEqualTo(2);
            assertThat(archive.seen).containsExactly("begun first", "committed first");
        }
    }

    @Slow("a catch-up waits a second for an open append")
    @Test
    void doesNotPassByAnAppendThatIsOpenWhereWhatIsCommittedIsNotForIt() {
        try (World world = new World(Product.POSTGRESQL, 500)) {
            Archive archive = new Archive(world.recorders);
            archive.follow(Letters.NAME, world.log(Letters.NAME));
            CountDownLatch appended = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            Running<Void> late = openAppend(world, appended, release);
            Concurrently.await(appended);
            world.letters.write("-torn");

            archive.pullAndProcess(Letters.NAME);
            assertThat(world.position(Letters.NAME)).isZero();
            release.countDown();
            late.get();
            archive.pullAndProcess(Letters.NAME);

            assertThat(archive.seen).containsExactly("begun first");
            assertThat(world.position(Letters.NAME)).isEqualTo(2);
        }
    }

    /** As behind a load balancer: one process knows that the first letter may be read, another does not know it yet. */
    @Slow("a catch-up waits a second for an open append")
    @Test
    void doesNotPassByWhatTheServerMayNotReadYetAlthoughAnotherCould() {
        try (World world = new World(Product.POSTGRESQL, 500);
                MyBatisRecorders others = MyBatisRecorders.over(world.leadersDatabase.dataSource())) {
            world.letters.write("settled");
            NotificationLog knows = world.letters.notificationLog();
            assertThat(knows.end().readable()).isEqualTo(1);
            CountDownLatch appended = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            Running<Void> late = openAppend(world, appended, release);
            Concurrently.await(appended);
            world.letters.write("committed first");
            NotificationLog learns = new Letters(others).notificationLog();
            try (LogServer server =
                    LogServer.of(NotificationLogEndpoint.of(Map.of(Letters.NAME, new Balanced(knows, learns))))) {
                Archive archive = new Archive(world.recorders);
                archive.follow(Letters.NAME, RemoteNotificationLog.at(server.base(), Letters.NAME));

                archive.pullAndProcess(Letters.NAME);
                release.countDown();
                late.get();
                archive.pullAndProcess(Letters.NAME);

                assertThat(archive.seen).containsExactly("settled", "begun first", "committed first");
            }
        }
    }

    /** A log whose end one process tells, and whose pages another gives. */
    private record Balanced(NotificationLog ends, NotificationLog pages) implements NotificationLog {
        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            return pages.selectPage(selection);
        }

        @Override
        public OptionalLong maxNotificationId() {
            return ends.maxNotificationId();
        }

        @Override
        public LogEnd end() {
            return ends.end();
        }
    }

    private static Running<Void> openAppend(World world, CountDownLatch appended, CountDownLatch release) {
        return Concurrently.start(() -> world.leaders.transactions().required(() -> {
            world.letters.write("begun first");
            appended.countDown();
            Concurrently.await(release);
        }));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsEncryptedStaysSoOnTheWay(Product product) {
        StateFormat secret = StateFormat.json().encrypted(CipherKeys.of(1, new byte[32]));
        try (World world = new World(product, 500, secret)) {
            world.letters.write("the butler did it");

            String answer = new String(
                    world.endpoint
                            .answer("GET", "/v1/Letters/notifications", null)
                            .body(),
                    StandardCharsets.UTF_8);
            Archive archive = new Archive(world.recorders);
            archive.follow(Letters.NAME, world.log(Letters.NAME), secret);
            archive.pullAndProcess(Letters.NAME);

            Notification stored = world.letters
                    .notificationLog()
                    .select(NotificationSelection.after(0))
                    .get(0);
            assertThat(answer)
                    .contains("\"state\":\""
                            + Base64.getEncoder().encodeToString(stored.event().state()) + "\"");
            assertThat(new String(stored.event().state(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("butler");
            assertThat(archive.seen).containsExactly("the butler did it");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoHasNotTheKeysIsToldAndStaysWhereItIs(Product product) {
        try (World world = new World(product, 500, StateFormat.json().encrypted(CipherKeys.of(1, new byte[32])))) {
            world.letters.write("the butler did it");
            Archive archive = new Archive(world.recorders);
            archive.follow(Letters.NAME, world.log(Letters.NAME));

            assertThatThrownBy(() -> archive.pullAndProcess(Letters.NAME))
                    .isInstanceOf(EventProcessingException.class)
                    .hasMessageContaining("key");

            assertThat(world.position(Letters.NAME)).isZero();
        }
    }

    @Test
    void theKeysMayComeFromTheSettingsOfTheLeader() {
        Settings settings = Settings.of(Map.of(
                "eventsourcing.persistence",
                "memory",
                "eventsourcing.Letters.cipher-keys",
                "1:" + CipherKeys.newKey(128)));
        Letters letters = new Letters(RecorderFactory.fromSettings(settings));
        letters.write("the butler did it");
        Archive archive = new Archive(RecorderFactory.fromSettings(settings));
        try (LogServer server = LogServer.of(NotificationLogEndpoint.of(letters))) {
            archive.follow(Letters.NAME, RemoteNotificationLog.at(server.base(), Letters.NAME));

            archive.pullAndProcess(Letters.NAME);
        }

        assertThat(archive.seen).containsExactly("the butler did it");
    }

    @Test
    void whoHasNotDeclaredWhatItFollowsIsRefused() {
        Follower undeclared = new Undeclared();
        RemoteNotificationLog log = RemoteNotificationLog.at(java.net.URI.create("http://127.0.0.1:1/log"), SCHOOL);

        assertThatThrownBy(() -> undeclared.follow(SCHOOL, log))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("follows(\"TrainingSchool\", ...)");
        assertThatThrownBy(() -> undeclared.follow("", log)).isInstanceOf(ConfigurationException.class);
    }

    private static final class Undeclared extends Follower {
        Undeclared() {
            super(new InMemoryRecorders());
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {}
    }

    /** A leading program with its server, and the database of a following one. */
    private static final class World implements AutoCloseable {
        final TestDatabase leadersDatabase;
        final TestDatabase followersDatabase;
        final MyBatisRecorders leaders;
        final MyBatisRecorders recorders;
        final TrainingSchool school;
        final Letters letters;
        final NotificationLogEndpoint endpoint;
        final LogServer server;

        World(Product product, int serversPage) {
            this(product, serversPage, StateFormat.json());
        }

        World(Product product, int serversPage, StateFormat format) {
            leadersDatabase = product.migrated();
            followersDatabase = product.migrated();
            leaders = MyBatisRecorders.over(leadersDatabase.dataSource());
            recorders = MyBatisRecorders.over(followersDatabase.dataSource(), TrickCountMapper.class);
            school = new TrainingSchool(leaders);
            letters = new Letters(leaders, format);
            endpoint = NotificationLogEndpoint.of(school, letters).pageSize(serversPage);
            server = LogServer.of(endpoint);
        }

        RemoteNotificationLog log(String application) {
            return RemoteNotificationLog.at(server.base(), application);
        }

        /** What another start of the following program makes. */
        TrickBoard board() {
            TrickBoard board = new TrickBoard(recorders);
            board.follow(SCHOOL, log(SCHOOL));
            return board;
        }

        long end() {
            return school.notificationLog().end().recorded();
        }

        long position() {
            return Stream.of("TrickBoard", "Archive")
                    .flatMap(follower -> recorders.processRecorder(follower).position(SCHOOL).stream())
                    .mapToLong(Position::notificationId)
                    .sum();
        }

        long position(String leader) {
            return recorders
                    .processRecorder("Archive")
                    .position(leader)
                    .map(Position::notificationId)
                    .orElse(0L);
        }

        @Override
        public void close() {
            server.close();
            List.of(leaders, recorders).forEach(MyBatisRecorders::close);
            List.of(leadersDatabase, followersDatabase).forEach(TestDatabase::close);
        }
    }

    /** The databases. */
    enum Product {
        H2,
        POSTGRESQL;

        TestDatabase migrated() {
            return this == H2 ? H2Database.migrated() : PostgresDatabase.migrated();
        }
    }
}
