package dev.eventsourcing.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.application.NotificationSections;
import dev.eventsourcing.application.SectionId;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.Sneaky;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteNotificationLogTest {
    private static final String ITEM = "{\"id\":1,\"originatorId\":\"0191d2f4-0000-4000-8000-00000000002a\","
            + "\"originatorVersion\":1,\"topic\":\"a\",\"state\":\"AQI=\"}";
    private static final NotificationSelection SELECTION =
            NotificationSelection.after(0).upTo(9).limit(2);

    @Slow("reads a whole log page by page, over HTTP")
    @ParameterizedTest
    @EnumSource
    void givesThePagesThatTheLogItselfGives(Product product) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (Opened opened = product.open()) {
            ApplicationRecorder recorder = opened.recorders().applicationRecorder(Letters.NAME);
            for (int i = 0; i < 60; i++) {
                recorder.insertEvents(events(random));
                opened.recorders().applicationRecorder("Other").insertEvents(events(random));
            }
            NotificationLog local = new Letters(opened.recorders()).notificationLog();
            try (LogServer server = LogServer.of(
                    NotificationLogEndpoint.of(Map.of(Letters.NAME, local)).pageSize(1 + random.nextInt(7)))) {
                NotificationLog remote = RemoteNotificationLog.at(server.base(), Letters.NAME);

                assertThat(remote.end()).isEqualTo(local.end());
                assertThat(remote.maxNotificationId()).isEqualTo(local.maxNotificationId());
                assertThat(remote.openAppends()).isEmpty();
                for (int i = 0; i < 60; i++) {
                    NotificationSelection selection =
                            selection(random, local.end().recorded());
                    assertThat(remote.selectPage(selection))
                            .describedAs("%s, seed %s", selection, seed)
                            .isEqualTo(local.selectPage(selection));
                }
                assertThat(remote.select(NotificationSelection.after(0)))
                        .isEqualTo(local.select(NotificationSelection.after(0)));
            }
        }
    }

    private static List<StoredEvent> events(Random random) {
        return IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(version -> {
                    byte[] state = new byte[random.nextInt(50)];
                    random.nextBytes(state);
                    return new StoredEvent(
                            UUID.randomUUID(),
                            version,
                            List.of("a", "b & c", "d+é=%").get(random.nextInt(3)),
                            state);
                })
                .toList();
    }

    private static NotificationSelection selection(Random random, long end) {
        long after = random.nextLong(end) - 3;
        NotificationSelection selection = NotificationSelection.after(after)
                .upTo(Math.min(end, after + random.nextInt(60)))
                .limit(random.nextInt(30));
        Set<String> topics = Set.of("d+é=%", "b & c", "nothing");
        return switch (random.nextInt(3)) {
            case 0 -> selection;
            case 1 -> selection.topics(topics);
            default -> selection.exceptTopics(topics);
        };
    }

    @Test
    void whoAsksForManyDoesNotTakeFewForTheEnd() {
        Letters letters = new Letters(new InMemoryRecorders());
        letters.write(IntStream.range(0, 30).mapToObj(Integer::toString).toArray(String[]::new));
        try (LogServer server = LogServer.of(NotificationLogEndpoint.of(letters).pageSize(4))) {
            RemoteNotificationLog log = RemoteNotificationLog.at(server.base(), Letters.NAME);

            assertThat(log.select(NotificationSelection.after(0).limit(25))).hasSize(25);
            assertThat(NotificationSections.of(log).size(10).read(1))
                    .extracting(Notification::id)
                    .hasSize(30)
                    .isSorted();
            assertThat(NotificationSections.of(log)
                            .size(10)
                            .section(new SectionId(1, 10))
                            .nextId())
                    .contains(new SectionId(11, 20));
            assertThatThrownBy(() -> log.select(NotificationSelection.after(0).limit(10_001)))
                    .isInstanceOf(PersistenceException.class)
                    .hasMessageContaining("above 10000");
        }
    }

    @Test
    void whatNeedsNoAnswerIsNotAskedFor() {
        RemoteNotificationLog nowhere = RemoteNotificationLog.at(URI.create("http://127.0.0.1:1/"), Letters.NAME);

        assertThat(nowhere.selectPage(NotificationSelection.after(5).upTo(5)))
                .isEqualTo(new NotificationPage(List.of(), 5));
        assertThat(nowhere.selectPage(NotificationSelection.after(5).limit(0)))
                .isEqualTo(new NotificationPage(List.of(), 5));
    }

    @Slow("sends an event of many megabytes")
    @Test
    void anEventOfManyMegabytesComesOver() {
        InMemoryRecorders recorders = new InMemoryRecorders();
        byte[] state = new byte[20_000_000];
        List<StoredEvent> events = IntStream.range(0, 2)
                .mapToObj(version -> new StoredEvent(new UUID(0, 1), version, "a", state))
                .toList();
        recorders.applicationRecorder(Letters.NAME).insertEvents(events);
        try (LogServer server = LogServer.of(NotificationLogEndpoint.of(new Letters(recorders)))) {
            RemoteNotificationLog log = RemoteNotificationLog.at(server.base(), Letters.NAME);

            assertThat(log.select(NotificationSelection.after(0)))
                    .extracting(Notification::event)
                    .isEqualTo(events);
        }
    }

    @Test
    void takesAnAnswerThatHasMoreFieldsThanItKnows() {
        String answer = "{\"id\":\"1,1\",\"nextId\":null,\"since\":{\"x\":[1]},\"upTo\":9,\"items\":["
                + ITEM.replace("}", ",\"recordedAt\":\"2026-01-01\"}") + "]}";

        try (LogServer server = answering(200, answer)) {
            assertThat(log(server).selectPage(SELECTION).notifications()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<html>log in</html>                       | no JSON",
                "`{\"upTo\":9,\"items\":[]`                | no JSON",
                "`{\"upTo\":9,\"items\":[]} {}`            | no JSON",
                "`{\"upTo\":9,\"upTo\":8,\"items\":[]}`    | no JSON",
                "`[]`                                      | no JSON object",
                "`null`                                    | no JSON object",
                "``                                        | no JSON",
                "`{\"items\":[]}`                          | no whole number upTo",
                "`{\"upTo\":\"9\",\"items\":[]}`           | no whole number upTo",
                "`{\"upTo\":1.5,\"items\":[]}`             | no whole number upTo",
                "`{\"upTo\":99999999999999999999,\"items\":[]}` | no whole number upTo",
                "`{\"upTo\":9}`                            | no list items",
                "`{\"upTo\":9,\"items\":{}}`               | no list items",
                "`{\"upTo\":9,\"items\":[7]}`              | no whole number items[0].id",
                "`{\"upTo\":10,\"items\":[]}`              | reaches up to 10",
                "`{\"upTo\":-1,\"items\":[]}`              | reaches up to -1",
                "`{\"upTo\":0,\"items\":[ITEM]}`           | reaches up to 0",
                "`{\"upTo\":9,\"items\":[ITEM,ITEM]}`      | notification 1 behind 1: ids ascend",
                "`{\"upTo\":9,\"items\":[ITEM5,ITEM]}`     | notification 1 behind 5: ids ascend",
                "`{\"upTo\":9,\"items\":[ITEM0]}`          | notification 0 behind 0: ids ascend",
                "`{\"upTo\":9,\"items\":[ITEM,ITEM5,ITEM6]}` | has 3 notifications; 2 were asked for",
                "`{\"upTo\":10,\"items\":[ITEM10]}`        | notification 10 of topic a, which was not asked for",
                "`{\"upTo\":9,\"items\":[BASE64]}`         | state in items[0] that is no base64",
                "`{\"upTo\":9,\"items\":[UUID]}`           | originatorId in items[0] that is no UUID",
                "`{\"upTo\":9,\"items\":[TOPIC]}`          | no text items[0].topic",
                "`{\"upTo\":9,\"items\":[NULL]}`           | no text items[0].state",
            })
    void whatALogWouldNotAnswerIsAnErrorAndNothingIsTaken(String template, String wrong) {
        String answer = template.replace("ITEM10", ITEM.replace("\"id\":1,", "\"id\":10,"))
                .replace("ITEM5", ITEM.replace("\"id\":1,", "\"id\":5,"))
                .replace("ITEM6", ITEM.replace("\"id\":1,", "\"id\":6,"))
                .replace("ITEM0", ITEM.replace("\"id\":1,", "\"id\":0,"))
                .replace("ITEM", ITEM)
                .replace("BASE64", ITEM.replace("AQI=", "SECRET-*"))
                .replace("UUID", ITEM.replace("0191d2f4", "SECRET"))
                .replace("TOPIC", ITEM.replace("\"a\"", "7"))
                .replace("NULL", ITEM.replace("\"AQI=\"", "null"));
        try (LogServer server = answering(200, answer)) {
            RemoteNotificationLog log = log(server);

            assertThatExceptionOfType(RemoteLogException.class)
                    .isThrownBy(() -> log.selectPage(SELECTION))
                    .withMessageContaining(wrong)
                    .withMessageContaining(server.base() + "/v1/Letters/notifications?after=0&upTo=9&limit=2")
                    .withMessageNotContaining("SECRET")
                    .satisfies(e -> assertThat(e.status()).isEmpty())
                    .satisfies(e -> assertThat(e.uri()).hasPath("/log/v1/Letters/notifications"));
        }
    }

    @Test
    void aTopicThatWasNotAskedForIsAnError() {
        try (LogServer server = answering(200, "{\"upTo\":9,\"items\":[" + ITEM + "]}")) {
            RemoteNotificationLog log = log(server);

            assertThatThrownBy(() -> log.selectPage(SELECTION.topics(Set.of("b"))))
                    .isInstanceOf(RemoteLogException.class)
                    .hasMessageContaining("topic a, which was not asked for");
            assertThatThrownBy(() -> log.selectPage(SELECTION.exceptTopics(Set.of("a"))))
                    .isInstanceOf(RemoteLogException.class);
            assertThat(log.selectPage(SELECTION.topics(Set.of("a"))).notifications())
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"readable\":2,\"recorded\":1}", "{\"readable\":-1,\"recorded\":1}", "{\"readable\":1}", "{}"})
    void anEndThatCannotBeIsAnError(String answer) {
        try (LogServer server = answering(200, answer)) {
            assertThatThrownBy(() -> log(server).end()).isInstanceOf(RemoteLogException.class);
        }
        try (LogServer server = answering(200, "{\"readable\":1,\"recorded\":2}")) {
            assertThat(log(server).end()).isEqualTo(new LogEnd(1, 2));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | credentials with headers",
                "403 | credentials with headers",
                "404 | the place where the endpoint is mounted",
                "400 | the place where the endpoint is mounted",
                "302 | Redirects are not followed",
                "204 | the place where the endpoint is mounted",
                "500 | in the server's own log",
                "503 | in the server's own log",
            })
    void anErrorOfTheServersIsToldWithItsStatusAndACure(int status, String cure) {
        try (LogServer server = answering(status, status == 204 ? "" : "{\"error\":\"It\\nis so.\"}")) {
            RemoteNotificationLog log = log(server);

            assertThatExceptionOfType(RemoteLogException.class)
                    .isThrownBy(log::end)
                    .withMessageContaining(server.base() + "/v1/Letters/end answers with status " + status)
                    .withMessageContaining(status == 204 ? "" : "It is so.")
                    .withMessageContaining(cure)
                    .satisfies(e -> {
                        assertThat(e.status()).hasValue(status);
                        assertThat(e.isTransient()).isEqualTo(status >= 500 || status == 429);
                    });
        }
    }

    @Test
    void anUnknownApplicationIsNamed() {
        try (LogServer server = LogServer.of(NotificationLogEndpoint.of(new Letters(new InMemoryRecorders())))) {
            RemoteNotificationLog log = RemoteNotificationLog.at(server.base(), "Leters");

            assertThatThrownBy(log::end).hasMessageContaining("no log of an application 'Leters' here");
        }
    }

    @Test
    void anAnswerIsNotTakenBeyondItsBound() {
        CountDownLatch brokenOff = new CountDownLatch(1);
        try (LogServer server = LogServer.of((HttpHandler) exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                // Without end: it ends as the client does.
                while (true) {
                    exchange.getResponseBody().write(new byte[8_192]);
                }
            } catch (IOException e) {
                brokenOff.countDown();
            }
        })) {
            RemoteNotificationLog log = log(server).maxResponseBytes(100_000);

            assertThatThrownBy(log::end)
                    .isInstanceOf(RemoteLogException.class)
                    .hasMessageContaining("more than 100000 bytes");

            Concurrently.await(brokenOff);
        }
    }

    @Test
    void aBodyThatDoesNotEndIsNotWaitedForLonger() {
        CountDownLatch over = new CountDownLatch(1);
        try (LogServer server = LogServer.of((HttpHandler) exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            Concurrently.await(over);
        })) {
            RemoteNotificationLog log = log(server).requestTimeout(Duration.ofMillis(100));

            assertThatThrownBy(log::end)
                    .isInstanceOf(CannotConnectException.class)
                    .hasMessageContaining("within 100 ms");

            over.countDown();
        }
    }

    @Test
    void aThreadThatIsInterruptedStopsReadingAndStaysInterrupted() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (LogServer server = LogServer.of((HttpHandler) exchange -> {
            asked.countDown();
            Concurrently.await(over);
        })) {
            RemoteNotificationLog log = log(server);
            Running<Boolean> reading = Concurrently.start(() -> {
                assertThatThrownBy(log::end)
                        .isInstanceOf(PersistenceException.class)
                        .hasMessageContaining("Interrupted while reading " + server.base());
                return Thread.currentThread().isInterrupted();
            });
            Concurrently.await(asked);

            reading.thread().interrupt();

            assertThat(reading.get()).isTrue();
            over.countDown();
        }
    }

    @Test
    void nobodyThereIsAConnectionThatCannotBeMade() {
        LogServer server = answering(200, "{}");
        server.close();
        RemoteNotificationLog log = log(server).connectTimeout(Duration.ofSeconds(2));

        assertThatThrownBy(log::end)
                .isInstanceOf(CannotConnectException.class)
                .hasMessageContaining(server.base() + "/v1/Letters/end cannot be read")
                .hasMessageContaining("try again later");
    }

    @Test
    void sendsTheHeadersThatItIsGivenAnewWithEachRequest() {
        List<String> seen = new ArrayList<>();
        try (LogServer server = LogServer.of((HttpHandler) exchange -> {
            seen.add(exchange.getRequestHeaders().getFirst("Authorization"));
            answer(exchange, 200, "{\"readable\":1,\"recorded\":2}");
        })) {
            Iterator<String> tokens = List.of("one", "two").iterator();
            RemoteNotificationLog log = log(server)
                    .headers(() -> Map.of("Authorization", "Bearer " + tokens.next()))
                    .client(HttpClient.newHttpClient());

            log.end();
            log.end();

            assertThat(seen).containsExactly("Bearer one", "Bearer two");
        }
    }

    @ParameterizedTest
    @CsvSource({"Host, sesame", "X-Token, 'sesame\n'", "'a b', sesame"})
    void aHeaderThatCannotBeSentIsNamedAndItsValueIsNot(String name, String value) {
        RemoteNotificationLog log = RemoteNotificationLog.at(URI.create("http://127.0.0.1:1"), Letters.NAME)
                .headers(() -> Map.of(name, value));

        assertThatThrownBy(log::end)
                .isInstanceOf(PersistenceException.class)
                .hasMessageContaining("The header " + name)
                .hasMessageNotContaining("sesame")
                .hasNoCause();
    }

    @Test
    void headersThatCannotBeMadeAreAnErrorOfTheFamily() {
        RemoteNotificationLog log = RemoteNotificationLog.at(URI.create("http://127.0.0.1:1"), Letters.NAME)
                .headers(() -> {
                    throw new IllegalStateException("no token");
                });

        assertThatThrownBy(log::end)
                .isInstanceOf(EventSourcingException.class)
                .hasMessageContaining("no token")
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void anInterruptionWhileHeadersAreMadeStaysWithTheThread() {
        RemoteNotificationLog log = RemoteNotificationLog.at(URI.create("http://127.0.0.1:1"), Letters.NAME)
                .headers(() -> {
                    throw Sneaky.sneak(new InterruptedException());
                });

        Throwable thrown = catchThrowable(log::end);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(PersistenceException.class);
    }

    @Test
    void headersThatAreMissingAreAnErrorOfTheFamily() {
        RemoteNotificationLog log = RemoteNotificationLog.at(URI.create("http://127.0.0.1:1"), Letters.NAME);
        Map<String, String> noToken = new HashMap<>();
        noToken.put("Authorization", null);

        assertThatThrownBy(() -> log.headers(() -> null).end())
                .isInstanceOf(PersistenceException.class)
                .hasMessageContaining("there are none, not even an empty map");
        assertThatThrownBy(() -> log.headers(() -> noToken).end())
                .isInstanceOf(PersistenceException.class)
                .hasMessageContaining("The header Authorization");
    }

    @Test
    void aClientThatTakesNoRequestsIsAnErrorOfTheFamily() {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        HttpClient client = HttpClient.newBuilder().executor(threads).build();
        threads.shutdown();

        assertThatThrownBy(() -> RemoteNotificationLog.at(URI.create("http://127.0.0.1:1"), Letters.NAME)
                        .client(client)
                        .end())
                .isInstanceOf(PersistenceException.class)
                .hasMessageContaining("cannot be read: RejectedExecutionException");
    }

    @Test
    void timeoutsMayBeForEver() {
        Letters letters = new Letters(new InMemoryRecorders());
        letters.write("a");
        try (LogServer server = LogServer.of(NotificationLogEndpoint.of(letters))) {
            Duration ever = Duration.ofSeconds(Long.MAX_VALUE);

            assertThat(log(server).connectTimeout(ever).requestTimeout(ever).end())
                    .isEqualTo(letters.notificationLog().end());
        }
    }

    /** A few megabytes of brackets would be as many gigabytes of objects. */
    @Test
    void anAnswerOfBracketsDoesNotFillTheMemory() {
        String brackets = "{\"readable\":1,\"recorded\":1,\"more\":[" + "[],".repeat(1_000_000) + "[]]}";
        try (LogServer server = answering(200, brackets)) {
            RemoteNotificationLog log = log(server);

            assertThatThrownBy(log::end).isInstanceOf(RemoteLogException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://user:sesame@localhost/log",
                "http://localhost/log?token=sesame",
                "http://localhost/log#sesame",
                "ftp://localhost/sesame",
                "/sesame",
                "http:sesame",
                "jdbc:postgresql://localhost/sesame"
            })
    void anAddressThatHidesSecretsOrLeadsNowhereIsRefusedAndNotShown(String base) {
        assertThatThrownBy(() -> RemoteNotificationLog.at(URI.create(base), Letters.NAME))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageNotContaining("sesame");
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        RemoteNotificationLog log = RemoteNotificationLog.at(URI.create("HTTPS://localhost/log/"), Letters.NAME);

        assertThatThrownBy(() -> log.connectTimeout(Duration.ZERO))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("connectTimeout of PT0S");
        assertThatThrownBy(() -> log.requestTimeout(Duration.ofMillis(-1))).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> log.maxResponseBytes(0)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> RemoteNotificationLog.at(URI.create("http://localhost"), "a/b"))
                .isInstanceOf(ConfigurationException.class);
        assertThat(log).hasToString("the log of Letters at HTTPS://localhost/log/");
    }

    private static RemoteNotificationLog log(LogServer server) {
        return RemoteNotificationLog.at(server.base(), Letters.NAME);
    }

    private static LogServer answering(int status, String body) {
        return LogServer.of((HttpHandler) exchange -> answer(exchange, status, body));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /** Where events are kept. */
    enum Product {
        MEMORY,
        H2,
        POSTGRESQL;

        Opened open() {
            if (this == MEMORY) {
                return new Opened(new InMemoryRecorders(), () -> {});
            }
            TestDatabase database = this == H2 ? H2Database.migrated() : PostgresDatabase.migrated();
            return new Opened(MyBatisRecorders.over(database.dataSource()), database::close);
        }
    }

    private record Opened(RecorderFactory recorders, Runnable closing) implements AutoCloseable {
        @Override
        public void close() {
            recorders.close();
            closing.run();
        }
    }
}
