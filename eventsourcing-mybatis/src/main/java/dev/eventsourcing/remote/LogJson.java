package dev.eventsourcing.remote;

import dev.eventsourcing.application.Section;
import dev.eventsourcing.application.SectionId;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.LogMark;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.StoredEvent;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes what a server answers. State is written as base64 of the bytes that are stored: nothing here can read it. */
final class LogJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private LogJson() {}

    /** A section. */
    static byte[] section(Section section) {
        return section(section, json -> {});
    }

    /** A page as a section, with how far it reaches, and the marks of its events. */
    static byte[] page(Section section, long upTo, List<LogMark> marks) {
        return section(section, json -> {
            json.writeNumberProperty("upTo", upTo);
            json.writeArrayPropertyStart("marks");
            marks.forEach(mark -> json.writeString(mark.toString()));
            json.writeEndArray();
        });
    }

    private static byte[] section(Section section, Consumer<JsonGenerator> more) {
        return object(json -> {
            id(json, "id", section.id());
            id(json, "nextId", section.nextId());
            more.accept(json);
            json.writeArrayPropertyStart("items");
            section.items().forEach(notification -> item(json, notification));
            json.writeEndArray();
        });
    }

    private static void id(JsonGenerator json, String name, Optional<SectionId> id) {
        id.ifPresentOrElse(
                present -> json.writeStringProperty(name, present.toString()), () -> json.writeNullProperty(name));
    }

    private static void item(JsonGenerator json, Notification notification) {
        StoredEvent event = notification.event();
        json.writeStartObject();
        json.writeNumberProperty("id", notification.id());
        json.writeStringProperty("originatorId", event.originatorId().toString());
        json.writeNumberProperty("originatorVersion", event.originatorVersion());
        json.writeStringProperty("topic", event.topic());
        json.writeBinaryProperty("state", event.state());
        json.writeEndObject();
    }

    /** Where the log ends. */
    static byte[] end(LogEnd end) {
        return object(json -> {
            json.writeNumberProperty("readable", end.readable());
            json.writeNumberProperty("recorded", end.recorded());
        });
    }

    /** Which appends are open: for how long, and in which process; not whose, as that names users of the database. */
    static byte[] openAppends(List<OpenAppend> appends) {
        return object(json -> {
            json.writeArrayPropertyStart("openAppends");
            for (OpenAppend append : appends) {
                json.writeStartObject();
                append.pid().ifPresent(pid -> json.writeNumberProperty("pid", pid));
                append.age().ifPresent(age -> json.writeNumberProperty("ageMillis", age.toMillis()));
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    /** Why there is no answer. */
    static byte[] error(String message) {
        return object(json -> json.writeStringProperty("error", message));
    }

    private static byte[] object(Consumer<JsonGenerator> properties) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            properties.accept(json);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }
}
