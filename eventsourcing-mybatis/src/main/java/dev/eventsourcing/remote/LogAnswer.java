package dev.eventsourcing.remote;

import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.LogMark;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.PersistenceException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what a server has answered, and believes nothing: what is not as a log answers is an error, before any of it is
 * processed. Messages name places in the answer and ids, and never a state.
 */
final class LogAnswer {
    /** A page of the most notifications has a tenth of these. */
    private static final long MAX_TOKENS = 128L * NotificationLog.MAX_LIMIT;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    // A state is one text, and the answer as a whole is bounded before. What is made of it takes many
                    // times the
                    // memory if it is nothing but brackets.
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxTokenCount(MAX_TOKENS)
                            .build())
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final URI uri;
    private final JsonNode json;

    private LogAnswer(URI uri, JsonNode json) {
        this.uri = uri;
        this.json = json;
    }

    /**
     * Reads an answer.
     *
     * @throws RemoteLogException if it is no JSON object
     */
    static LogAnswer of(URI uri, byte[] body) {
        JsonNode json;
        try {
            json = MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw new RemoteLogException(
                    uri, 0, "answers with what is no JSON. Is there a proxy, or a page to log in, before the log?", e);
        }
        LogAnswer answer = new LogAnswer(uri, json);
        if (!json.isObject()) {
            throw answer.wrong("is no JSON object");
        }
        return answer;
    }

    /** The error that a server tells of; empty if it tells none that can be read. */
    static String errorIn(byte[] body) {
        try {
            String error = MAPPER.readTree(body).path("error").asString("");
            return error.substring(0, Math.min(500, error.length())).replaceAll("\\p{Cntrl}", " ");
        } catch (JacksonException e) {
            return "";
        }
    }

    /** The part of the log that was selected, as far as the server gives it at a time. */
    NotificationPage page(NotificationSelection selection) {
        long upTo = number(json, "upTo", "upTo");
        List<Notification> notifications = new ArrayList<>();
        long last = Math.max(0, selection.after());
        for (JsonNode item : array("items")) {
            Notification notification = notification(item, "items[" + notifications.size() + "]");
            if (notification.id() <= last) {
                throw wrong("has notification " + notification.id() + " behind " + last + ": ids ascend in a log");
            }
            last = notification.id();
            requireSelected(notification, selection);
            notifications.add(notification);
        }
        if (notifications.size() > selection.limit()) {
            throw wrong("has " + notifications.size() + " notifications; " + selection.limit() + " were asked for");
        }
        if (upTo < last || upTo > Math.max(last, selection.upTo())) {
            throw wrong("reaches up to " + upTo + "; that is not from " + last + " to " + selection.upTo());
        }
        return new NotificationPage(notifications, upTo, selection.marked() ? marks(upTo) : List.of());
    }

    /** None from a server of an earlier version. */
    private List<LogMark> marks(long upTo) {
        List<LogMark> marks = new ArrayList<>();
        if (json.has("marks")) {
            long last = 0;
            for (JsonNode text : array("marks")) {
                LogMark mark = mark(text, "marks[" + marks.size() + "]");
                if (mark.id() <= last || mark.id() > upTo) {
                    throw wrong("has a mark of " + mark.id() + " behind " + last + ", in a page up to " + upTo);
                }
                last = mark.id();
                marks.add(mark);
            }
        }
        return marks;
    }

    private LogMark mark(JsonNode text, String at) {
        try {
            return LogMark.parse(text.isString() ? text.stringValue() : "");
        } catch (PersistenceException e) {
            throw wrong("has a text " + at + " that identifies no event");
        }
    }

    private void requireSelected(Notification notification, NotificationSelection selection) {
        String topic = notification.event().topic();
        if (notification.id() > selection.upTo()
                || !selection.topics().isEmpty() && !selection.topics().contains(topic)
                || selection.except().contains(topic)) {
            throw wrong("has notification " + notification.id() + " of topic " + topic + ", which was not asked for");
        }
    }

    private Notification notification(JsonNode item, String at) {
        return new Notification(
                number(item, "id", at + ".id"),
                uuid(text(item, "originatorId", at), at),
                number(item, "originatorVersion", at + ".originatorVersion"),
                text(item, "topic", at),
                bytes(text(item, "state", at), at));
    }

    private UUID uuid(String text, String at) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw wrong("has an originatorId in " + at + " that is no UUID");
        }
    }

    private byte[] bytes(String text, String at) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw wrong("has a state in " + at + " that is no base64");
        }
    }

    /** Where the log ends. */
    LogEnd end() {
        LogEnd end = new LogEnd(number(json, "readable", "readable"), number(json, "recorded", "recorded"));
        if (end.readable() < 0 || end.recorded() < end.readable()) {
            throw wrong("says that " + end.recorded() + " is recorded and " + end.readable() + " of it readable");
        }
        return end;
    }

    /** Who keeps readers from the end. */
    List<OpenAppend> openAppends() {
        List<OpenAppend> appends = new ArrayList<>();
        for (JsonNode append : array("openAppends")) {
            String at = "openAppends[" + appends.size() + "]";
            appends.add(new OpenAppend(
                    append.has("pid") ? OptionalInt.of((int) number(append, "pid", at + ".pid")) : OptionalInt.empty(),
                    append.has("ageMillis")
                            ? Optional.of(Duration.ofMillis(number(append, "ageMillis", at + ".ageMillis")))
                            : Optional.empty(),
                    ""));
        }
        return appends;
    }

    private JsonNode array(String name) {
        JsonNode array = json.path(name);
        if (!array.isArray()) {
            throw wrong("has no list " + name);
        }
        return array;
    }

    private long number(JsonNode object, String name, String at) {
        JsonNode number = object.path(name);
        if (!number.isIntegralNumber() || !number.canConvertToLong()) {
            throw wrong("has no whole number " + at);
        }
        return number.longValue();
    }

    private String text(JsonNode object, String name, String at) {
        JsonNode text = object.path(name);
        if (!text.isString()) {
            throw wrong("has no text " + at + "." + name);
        }
        return text.stringValue();
    }

    private RemoteLogException wrong(String what) {
        return new RemoteLogException(
                uri,
                0,
                "gives an answer that is none of a log: it " + what
                        + ". Nothing of it was taken. Is it the address of a log, and the server's version of this library no older?",
                null);
    }
}
