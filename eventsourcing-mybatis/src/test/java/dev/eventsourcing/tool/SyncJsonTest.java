package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.RowChanges.Counted;
import dev.eventsourcing.persistence.RowChanges.Rows;
import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.SyncEnd;
import dev.eventsourcing.system.SyncMode;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SyncJsonTest {
    private static final Instant BEGUN = Instant.parse("2026-11-23T18:15:08.123456Z");
    private static final JsonMapper MAPPER = new JsonMapper();

    @Test
    void tellsOfARunAsItsSchemaSays() {
        JsonNode report = written(
                Results.ok("Board"),
                Results.parking("Mail", SyncMode.PROCESS),
                Results.failed("Critic", "no", Results.at(new IllegalStateException("no"), "shop.Critic")));

        assertThat(report.get("schema").asString()).isEqualTo("eventsourcing-sync-followers/1");
        assertThat(report.get("begun").asString()).isEqualTo("2026-11-23T18:15:08.123456Z");
        assertThat(report.get("durationMs").asLong()).isEqualTo(2500);
        assertThat(report.get("mode").asString()).isEqualTo("process");
        assertThat(report.get("verdict").asString()).isEqualTo("partial");
        assertThat(report.get("exitCode").asInt()).isEqualTo(4);
        assertThat(report.get("complete").asBoolean()).isFalse();
        assertThat(report.at("/followers/0/leaders/0")).isEqualTo(MAPPER.readTree("""
                        {"name": "School", "events": 9, "parked": 0, "parkedInAll": null, "from": 3, "reached": 12, "left": 0,
                         "ended": "complete", "topics": {"Dog.Registered": 3, "Dog.TrickAdded": 6}, "openAppends": []}"""));
        assertThat(report.at("/followers/1/leaders/0/parked").asLong()).isEqualTo(2);
        assertThat(report.at("/followers/1/leaders/0/parkedInAll").asLong()).isEqualTo(7);
        assertThat(report.at("/followers/1/parkings")).isEqualTo(MAPPER.readTree("""
                        [{"class": "java.lang.IllegalStateException", "message": "Mail failed to process notification 11",
                         "cause": null, "at": "shop.Board.policy(Board.java:29)", "leader": "School", "notificationId": 11,
                         "topic": "Dog.TrickAdded", "originatorId": null, "originatorVersion": null}]"""));
        assertThat(report.at("/followers/2/leaders/0/left").isNull()).isTrue();
        assertThat(report.at("/followers/2/error")).isEqualTo(MAPPER.readTree("""
                        {"class": "java.lang.IllegalStateException", "message": "no", "cause": null,
                         "at": "shop.Critic.policy(Critic.java:29)", "leader": "School", "notificationId": 13, "topic": "Dog.TrickAdded",
                         "originatorId": null, "originatorVersion": null}"""));
    }

    @Test
    void tellsWhatADryRunWouldChange() {
        JsonNode report = written(Results.rehearsed(
                "Board", Map.of("Diploma.Awarded", 1L), Counted.TABLE, Map.of("public.counts", new Rows(1, 2, 3))));

        assertThat(report.at("/followers/0/appended")).isEqualTo(MAPPER.readTree("{\"Diploma.Awarded\": 1}"));
        assertThat(report.at("/followers/0/rows")).isEqualTo(MAPPER.readTree("""
                        {"countedBy": "table", "changes": {"public.counts": {"inserted": 1, "updated": 2, "deleted": 3}}}"""));
    }

    @Test
    void tellsWhoIsWaitedFor() {
        JsonNode report = written(Results.unfinished("Board", SyncEnd.OPEN_APPEND));

        assertThat(report.at("/followers/0/result").asString()).isEqualTo("unfinished");
        assertThat(report.at("/followers/0/leaders/0/ended").asString()).isEqualTo("open-append");
        assertThat(report.at("/followers/0/leaders/0/openAppends")).isEqualTo(MAPPER.readTree("""
                        [{"pid": 4711, "ageMs": 65000, "what": "psql, idle in transaction"},
                         {"pid": null, "ageMs": null, "what": "batch-7"}]"""));
    }

    @Test
    void tellsOfARunThatDidNotComeToTheFollowers() {
        SyncVerdict verdict = SyncVerdict.of(new ConfigurationException("Unknown followers: A."));

        JsonNode report = written(new SyncAccount(
                BEGUN, SyncMode.PLAN, List.of(), List.of(), Map.of(), Duration.ofMillis(5), verdict, verdict.code()));

        assertThat(report.get("verdict").asString()).isEqualTo("usage");
        assertThat(report.get("message").asString()).isEqualTo("Unknown followers: A.");
        assertThat(report.get("followers").isEmpty()).isTrue();
    }

    private static JsonNode written(FollowerResult... results) {
        SyncVerdict verdict = new SyncVerdict(ExitCode.PARTIAL, "no", false);
        return written(new SyncAccount(
                BEGUN,
                results[0].mode(),
                List.of(),
                List.of(results),
                Map.of("Mail", Map.of("School", 7L)),
                Duration.ofMillis(2500),
                verdict,
                verdict.code()));
    }

    /** The report as it can be read again; it fits its schema, and has nothing that stands there not. */
    static JsonNode written(SyncAccount account) {
        return checked(SyncJson.of(account));
    }

    static JsonNode checked(String json) {
        JsonNode report = MAPPER.readTree(json);
        JsonNode schema = closed(schema());
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schema)
                        .validate(report))
                .isEmpty();
        return report;
    }

    private static JsonNode schema() {
        try (InputStream in = SyncJson.class.getResourceAsStream("sync-followers-1.schema.json")) {
            return MAPPER.readTree(in);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The schema lets programs of later versions add values; here each one has to be in it, and in words. */
    private static JsonNode closed(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            if (object.get("properties") instanceof ObjectNode properties) {
                object.put("additionalProperties", false);
                assertThat(object.get("required").valueStream().map(JsonNode::asString))
                        .containsExactlyInAnyOrderElementsOf(properties.propertyNames());
                properties.forEachEntry(
                        (name, property) -> assertThat(property.has("description") || name.equals("rows"))
                                .as(name)
                                .isTrue());
            }
        }
        schema.forEach(SyncJsonTest::closed);
        return schema;
    }
}
