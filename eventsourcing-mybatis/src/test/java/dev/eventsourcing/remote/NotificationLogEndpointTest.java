package dev.eventsourcing.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.remote.NotificationLogEndpoint.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationLogEndpointTest {
    private static final UUID ID = UUID.fromString("0191d2f4-0000-4000-8000-00000000002a");

    private final InMemoryRecorders recorders = new InMemoryRecorders();
    private final Letters letters = new Letters(recorders);
    private final NotificationLogEndpoint endpoint = NotificationLogEndpoint.of(letters);

    private Answer get(String path, String query) {
        return endpoint.answer("GET", path, query);
    }

    private static String text(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private void record(int events, String topic) {
        ApplicationRecorder recorder = recorders.applicationRecorder("Letters");
        for (int version = 1; version <= events; version++) {
            recorder.insertEvents(List.of(new StoredEvent(
                    UUID.nameUUIDFromBytes(new byte[] {(byte) version, (byte) topic.length()}),
                    version,
                    topic,
                    new byte[] {1})));
        }
    }

    @Test
    void aPageIsJsonWithItsIdsItsReachAndStateAsBase64() {
        recorders
                .applicationRecorder("Letters")
                .insertEvents(List.of(
                        new StoredEvent(ID, 1, "Letter.\"Written\"", new byte[] {1, -1, 0}),
                        new StoredEvent(ID, 2, "Brief.Geöffnet", new byte[0])));

        Answer answer = get("/v1/Letters/notifications", "after=0&limit=2");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("Cache-Control", "no-store");
        assertThat(text(answer).replaceAll(":[0-9a-f]{32}\"", ":hash\"")).isEqualTo("""
                {"id":"1,2","nextId":"3,4","upTo":2,"marks":["1:hash","2:hash"],"items":[\
                {"id":1,"originatorId":"0191d2f4-0000-4000-8000-00000000002a","originatorVersion":1,\
                "topic":"Letter.\\"Written\\"","state":"Af8A"},\
                {"id":2,"originatorId":"0191d2f4-0000-4000-8000-00000000002a","originatorVersion":2,\
                "topic":"Brief.Geöffnet","state":""}]}""");
    }

    @Test
    void aPageReachesToTheEndUnlessItIsToldWhereTo() {
        record(5, "a");

        assertThat(text(get("v1/Letters/notifications", "after=5")))
                .matches("\\{\"id\":null,\"nextId\":null,\"upTo\":5,\"marks\":\\[\"5:[0-9a-f]{32}\"],\"items\":\\[]}");
        assertThat(text(get("v1/Letters/notifications", "after=9")))
                .matches("\\{\"id\":null,\"nextId\":null,\"upTo\":9,\"marks\":\\[\"5:[0-9a-f]{32}\"],\"items\":\\[]}");
        assertThat(text(get("v1/Letters/notifications", "after=3&upTo=4"))).contains("\"upTo\":4", "\"id\":\"4,4\"");
        assertThat(text(get("v1/Letters/notifications", "topic=b&upTo=4"))).contains("\"upTo\":4", "\"items\":[]");
        assertThat(text(get("v1/Letters/notifications", "exceptTopic=a&exceptTopic=b")))
                .contains("\"upTo\":5", "\"items\":[]");
        assertThat(text(get("v1/Letters/notifications", "limit=0"))).contains("\"upTo\":0", "\"items\":[]");
    }

    @ParameterizedTest
    @CsvSource({
        "'1,3', '{\"id\":\"1,3\",\"nextId\":\"4,6\"'",
        "'1,99', '{\"id\":\"1,4\",\"nextId\":\"5,8\"'",
        "'5,8', '{\"id\":\"5,5\",\"nextId\":null'",
        "'3,2', '{\"id\":null,\"nextId\":null,\"items\":[]}'",
    })
    void aSectionIsJsonThatNamesTheNext(String id, String start) {
        record(5, "a");

        Answer answer = endpoint.pageSize(4).answer("GET", "/v1/Letters/notifications/" + id, null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(text(answer)).startsWith(start);
    }

    @Test
    void aSectionMayBeOfSomeTopics() {
        record(3, "a");
        record(3, "bb");

        assertThat(text(get("/v1/Letters/notifications/1,2", "topic=bb")))
                .startsWith("{\"id\":\"4,5\",\"nextId\":\"6,7\"");
    }

    @Test
    void thePageSizeIsTheMostThatIsGiven() {
        record(5, "a");

        assertThat(text(endpoint.pageSize(2).answer("GET", "/v1/Letters/notifications", "limit=9223372036854775807")))
                .contains("\"id\":\"1,2\"", "\"nextId\":\"3,4\"", "\"upTo\":2");
        assertThatThrownBy(() -> endpoint.pageSize(0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("0 notifications")
                .hasMessageContaining("1 to 10000");
        assertThatThrownBy(() -> endpoint.pageSize(10_001)).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void aPageOfLargeEventsHasFewerAndSaysHowFarItReaches() {
        byte[] large = new byte[NotificationLogEndpoint.MAX_STATE_BYTES / 2 + 1];
        recorders
                .applicationRecorder("Letters")
                .insertEvents(List.of(
                        new StoredEvent(ID, 1, "a", new byte[3 * large.length]),
                        new StoredEvent(ID, 2, "a", large),
                        new StoredEvent(ID, 3, "a", large)));

        assertThat(text(get("/v1/Letters/notifications", "after=0")))
                .startsWith("{\"id\":\"1,1\",\"nextId\":\"2,2\",\"upTo\":1,");
        assertThat(text(get("/v1/Letters/notifications/2,9", null))).startsWith("{\"id\":\"2,2\",\"nextId\":\"3,3\",");
        assertThat(text(get("/v1/Letters/notifications", "after=2&limit=9")))
                .startsWith("{\"id\":\"3,3\",\"nextId\":null,\"upTo\":3,");
    }

    @Test
    void theEndAndTheOpenAppendsAreJson() {
        record(2, "a");

        assertThat(text(get("/v1/Letters/end", null))).isEqualTo("{\"readable\":2,\"recorded\":2}");
        assertThat(text(get("/v1/Letters/open-appends", ""))).isEqualTo("{\"openAppends\":[]}");
    }

    @ParameterizedTest
    @CsvSource({
        "after=x, after='x'",
        "after=, after=''",
        "after=-1, after='-1'",
        "after=%2D1, after='-1'",
        "after=1.5, after='1.5'",
        "after=9223372036854775808, after='9223372036854775808'",
        "upTo=99999999999999999999, upTo='99999999999999999999'",
        "limit=-1, limit='-1'",
        "limit=ten, limit='ten'",
        "after=1&after=2, after 2 times",
        "topic=a&exceptTopic=b, topic or exceptTopic",
        "after, 'has ''after'''",
        "after=1&, 'has '''''",
        "since=3, since=3",
        "topic=%zz, %zz",
        "topic=%, '''%'''",
    })
    void aQueryThatIsNotUnderstoodIsABadRequest(String query, String named) {
        Answer answer = get("/v1/Letters/notifications", query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.headers()).containsEntry("Content-Type", "application/json");
        assertThat(text(answer)).startsWith("{\"error\":\"").contains(named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/Letters/end", "/v1/Letters/open-appends", "/v1/Letters/notifications/1,2"})
    void aParameterThatHasNoMeaningIsABadRequestAndNotIgnored(String path) {
        assertThat(get(path, "after=1").status()).isEqualTo(400);
    }

    @Test
    void aQueryThatIsTooLongIsABadRequestAndIsNotSentBack() {
        Answer answer = get("/v1/Letters/notifications", "topic=" + "a".repeat(32_768));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(text(answer)).contains("32774 characters").hasSizeLessThan(200);
        assertThat(get("/v1/Letters/notifications", "x".repeat(30_000)).body()).hasSizeLessThan(500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/Letters/notifications/1", "/v1/Letters/notifications/a,b", "/v1/Letters/notifications/"})
    void whatNamesNoSectionIsABadRequest(String path) {
        Answer answer = get(path, null);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(text(answer)).contains("names no section");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/v1",
                "/v1/Letters",
                "/v1/Letters/",
                "/v1/Letters/end/",
                "/v1/Letters/end/1",
                "/v2/Letters/end",
                "v1/letters/end",
                "/v1/Archive/end",
                "//v1/Letters/end",
                "/v1/../Letters/end",
                "/v1/Letters/notifications/1,2/3",
                "/v1/<script>/end"
            })
    void whatIsNotThereIsNotFound(String path) {
        Answer answer = get(path, null);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("X-Content-Type-Options", "nosniff");
        assertThat(text(answer)).startsWith("{\"error\":\"There is no");
        assertThat(get(null, null).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "HEAD", "OPTIONS", "get", ""})
    void aLogIsReadAndNothingElse(String method) {
        Answer answer = endpoint.answer(method, "/v1/Letters/end", null);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("Allow", "GET");
        assertThat(text(answer)).contains("with GET");
    }

    @Test
    void whatFailsInsideIsToldWithoutAWordOfTheCause() {
        NotificationLog failing = new Failing(new PersistenceException(
                "Connection to jdbc:postgresql://db/es?password=sesame refused", new IllegalStateException("sesame")));

        Answer answer = NotificationLogEndpoint.of(Map.of("Letters", failing))
                .answer("GET", "/v1/Letters/notifications", "upTo=1");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(text(answer))
                .contains("The server's own log says why: error ")
                .doesNotContain("sesame", "jdbc", "Exception");
        assertThat(NotificationLogEndpoint.of(Map.of("Letters", new Failing(new StackOverflowError("sesame"))))
                        .answer("GET", "/v1/Letters/end", null)
                        .status())
                .isEqualTo(500);
    }

    @Test
    void anInterruptionInsideStaysWithTheThread() {
        Answer answer = NotificationLogEndpoint.of(Map.of(
                        "Letters", new Failing(new PersistenceException("interrupted", new InterruptedException()))))
                .answer("GET", "/v1/Letters/notifications", "upTo=1");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(answer.status()).isEqualTo(500);
    }

    @Test
    void namesThatNoApplicationCanHaveAndTwoOfOneNameAreRefused() {
        assertThatThrownBy(() -> NotificationLogEndpoint.of(Map.of("a/b", letters.notificationLog())))
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> NotificationLogEndpoint.of(letters, new Letters(new InMemoryRecorders())))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Two applications are named Letters");
    }

    @Test
    void itIsMountedInAServletWithThreeLines() throws IOException {
        record(1, "a");
        Request request = new Request("GET", "/v1/Letters/end", null);
        Response response = new Response();

        // The lines of the endpoint's documentation.
        Answer answer = endpoint.answer(request.getMethod(), request.getPathInfo(), request.getQueryString());
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.getOutputStream().write(answer.body());

        assertThat(response.status).isEqualTo(200);
        assertThat(response.headers).containsEntry("Content-Type", "application/json");
        assertThat(response.body).hasToString("{\"readable\":1,\"recorded\":1}");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /log/v1/Letters/end, 200",
        "GET, /log/v1/Letters/notifications?topic=a%20b, 200",
        "GET, /log/v1/Letters/notifications/1%2C2, 200",
        "GET, /log/v1/%4Cetters/end, 200",
        "GET, /log/v1/Letters/notifications?after=x, 400",
        "GET, /log, 404",
        "GET, /logs/v1/Letters/end, 404",
        "POST, /log/v1/Letters/end, 405",
        "HEAD, /log/v1/Letters/end, 405",
    })
    void theHandlerOfTheJdksServerAnswersTheSame(String method, String path, int status) throws Exception {
        record(1, "a");
        try (LogServer server = LogServer.of(endpoint)) {
            URI uri = URI.create(server.base().toString().replace("/log", "") + path);

            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(uri)
                                    .method(method, HttpRequest.BodyPublishers.ofString("body"))
                                    .build(),
                            BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(response.body()).startsWith(method.equals("HEAD") ? "" : "{");
        }
    }

    /** As much of a servlet's request as is needed. */
    private record Request(String method, String pathInfo, String queryString) {
        String getMethod() {
            return method;
        }

        String getPathInfo() {
            return pathInfo;
        }

        String getQueryString() {
            return queryString;
        }
    }

    /** As much of a servlet's response as is needed. */
    private static final class Response {
        private int status;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        void setStatus(int given) {
            status = given;
        }

        void setHeader(String name, String value) {
            headers.put(name, value);
        }

        OutputStream getOutputStream() {
            return body;
        }
    }

    /** A log that cannot be read. */
    private record Failing(Throwable failure) implements NotificationLog {
        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            throw thrown();
        }

        @Override
        public OptionalLong maxNotificationId() {
            throw thrown();
        }

        private RuntimeException thrown() {
            if (failure instanceof Error error) {
                throw error;
            }
            return (RuntimeException) failure;
        }
    }
}
