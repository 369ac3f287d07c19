package dev.eventsourcing.tool;

import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.RowChanges;
import dev.eventsourcing.system.EventProcessingException;
import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.LeaderResult;
import dev.eventsourcing.system.SyncEnd;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The report for programs. {@code sync-followers-1.schema.json} beside this class says what each value means. New values may come
 * within a version; none goes, and none changes its meaning.
 */
final class SyncJson {
    private static final String SCHEMA = "eventsourcing-sync-followers/1";

    private static final JsonMapper MAPPER = new JsonMapper();

    private final SyncAccount account;

    private SyncJson(SyncAccount account) {
        this.account = account;
    }

    static String of(SyncAccount account) {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(new SyncJson(account).report());
    }

    private ObjectNode report() {
        ObjectNode report = MAPPER.createObjectNode()
                .put("schema", SCHEMA)
                .put("begun", account.begun().toString())
                .put("durationMs", account.time().toMillis())
                .put("mode", SyncAccount.word(account.mode()))
                .put("verdict", account.verdict().word())
                .put("exitCode", account.exit().number())
                .put("complete", account.isComplete())
                .put("stopped", account.verdict().stopped())
                .put("message", JdbcUrls.masked(account.verdict().message()));
        ArrayNode databases = report.putArray("databases");
        account.databases().forEach(database -> databases.add(database(database)));
        ArrayNode followers = report.putArray("followers");
        account.results().forEach(result -> followers.add(follower(result)));
        return report;
    }

    private static ObjectNode database(RunnerDatabases.Used used) {
        ObjectNode database = MAPPER.createObjectNode()
                .put("database", JdbcUrls.masked(used.place().database()))
                .put("schema", used.place().schema());
        ArrayNode applications = database.putArray("applications");
        used.applications().forEach(applications::add);
        return database;
    }

    private ObjectNode follower(FollowerResult result) {
        ObjectNode follower = MAPPER.createObjectNode()
                .put("name", result.follower())
                .put("result", SyncAccount.word(result))
                .put("durationMs", result.time().toMillis())
                .put("events", SyncAccount.events(result))
                .put("parked", SyncAccount.parked(result));
        ArrayNode leaders = follower.putArray("leaders");
        Map<String, Long> parked = account.parked().getOrDefault(result.follower(), Map.of());
        result.leaders()
                .forEach(leader -> leaders.add(leader(leader, Optional.ofNullable(parked.get(leader.leader())))));
        follower.set("appended", numbers(result.appended()));
        ArrayNode parkings = follower.putArray("parkings");
        result.parkings().forEach(parking -> parkings.add(error(parking)));
        follower.set("rows", rows(result.rows()));
        result.failure()
                .ifPresentOrElse(failure -> follower.set("error", error(failure)), () -> follower.putNull("error"));
        return follower;
    }

    private static ObjectNode leader(LeaderResult result, Optional<Long> parkedInAll) {
        ObjectNode leader = MAPPER.createObjectNode()
                .put("name", result.leader())
                .put("events", result.events())
                .put("parked", result.parked())
                .put("parkedInAll", parkedInAll.orElse(null))
                .put("from", result.from())
                .put("reached", result.reached())
                .put("left", result.ended() == SyncEnd.FAILED ? null : Long.valueOf(result.left()))
                .put("ended", SyncAccount.word(result.ended()));
        leader.set("topics", numbers(result.topics()));
        ArrayNode openAppends = leader.putArray("openAppends");
        result.openAppends().forEach(append -> openAppends.add(openAppend(append)));
        return leader;
    }

    private static ObjectNode openAppend(OpenAppend append) {
        ObjectNode node = MAPPER.createObjectNode();
        append.pid().ifPresentOrElse(pid -> node.put("pid", pid), () -> node.putNull("pid"));
        append.age().ifPresentOrElse(age -> node.put("ageMs", age.toMillis()), () -> node.putNull("ageMs"));
        return node.put("what", JdbcUrls.masked(append.what()));
    }

    private static ObjectNode rows(RowChanges changes) {
        ObjectNode node = MAPPER.createObjectNode().put("countedBy", SyncAccount.word(changes.counted()));
        ObjectNode byName = node.putObject("changes");
        changes.rows()
                .forEach((name, rows) -> byName.putObject(name)
                        .put("inserted", rows.inserted())
                        .put("updated", rows.updated())
                        .put("deleted", rows.deleted()));
        return node;
    }

    private static ObjectNode error(FollowerResult.Failure failure) {
        FailureText text = new FailureText(failure.cause());
        Optional<EventProcessingException> event =
                failure.cause() instanceof EventProcessingException failed ? Optional.of(failed) : Optional.empty();
        ObjectNode error = MAPPER.createObjectNode()
                .put("class", text.error().getClass().getName())
                .put("message", JdbcUrls.masked(failure.message()))
                .put(
                        "cause",
                        text.cause(failure.message()).map(JdbcUrls::masked).orElse(null))
                .put("at", text.place().orElse(null))
                .put("leader", failure.leader().isEmpty() ? null : failure.leader())
                .put("notificationId", failure.topic().isEmpty() ? null : Long.valueOf(failure.notificationId()))
                .put("topic", failure.topic().isEmpty() ? null : failure.topic())
                .put(
                        "originatorId",
                        event.map(failed -> failed.originatorId().toString()).orElse(null))
                .put(
                        "originatorVersion",
                        event.map(EventProcessingException::originatorVersion).orElse(null));
        return error;
    }

    private static ObjectNode numbers(Map<String, Long> numbers) {
        ObjectNode node = MAPPER.createObjectNode();
        numbers.forEach(node::put);
        return node;
    }
}
