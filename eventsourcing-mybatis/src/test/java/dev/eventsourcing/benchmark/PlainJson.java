package dev.eventsourcing.benchmark;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/** The stored format, read and written with Jackson as it comes. */
final class PlainJson {
    private final ObjectReader reader;
    private final ObjectWriter writer;

    PlainJson() {
        ObjectMapper mapper = new ObjectMapper();
        reader = mapper.readerFor(Stored.class);
        writer = mapper.writerFor(Stored.class);
    }

    /** What a state holds behind its format byte. */
    record Stored(
            Instant at,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> meta,
            Note.Written data) {}

    byte[] encode(Instant at, Map<String, String> meta, Note.Written data) {
        ByteArrayOutputStream state = new ByteArrayOutputStream(256);
        state.write(1);
        writer.writeValue(state, new Stored(at, meta, data));
        return state.toByteArray();
    }

    Stored decode(byte[] state) {
        return reader.readValue(state, 1, state.length - 1);
    }
}
