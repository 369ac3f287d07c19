package dev.eventsourcing.persistence.json;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.eventsourcing.domain.DomainEvent;
import java.io.OutputStream;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes events as JSON, and reads them back: an object of {@code at} (when it happened, ISO 8601 in UTC), {@code v} (the
 * version of the event type, left out when 1), {@code meta} (metadata, left out when empty) and {@code data} (the payload).
 * {@link dev.eventsourcing.persistence.StateFormat} says which types there may be in a payload.
 *
 * <p>Safe for use by several threads.
 */
public final class JsonTranscoder {
    /** What was written is read: only numbers and nesting have limits, and those hold for writing too. */
    private static final StreamReadConstraints READ_WHAT_WAS_WRITTEN = StreamReadConstraints.builder()
            .maxNumberLength(ReadableValues.LONGEST)
            .maxStringLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .build();

    private final JsonMapper mapper;

    /** Makes a transcoder that knows the given modules and no others. */
    public JsonTranscoder(JacksonModule... modules) {
        JsonMapper.Builder builder = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(READ_WHAT_WAS_WRITTEN)
                        .addDecorator((factory, generator) -> new ReadableValues(generator))
                        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        // A map may have two keys that are written alike, as an IdentityHashMap has.
                        .enable(StreamWriteFeature.STRICT_DUPLICATE_DETECTION)
                        .disable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                        .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
                        .disable(
                                JsonWriteFeature.WRITE_NAN_AS_STRINGS,
                                JsonWriteFeature.ESCAPE_NON_ASCII,
                                JsonWriteFeature.ESCAPE_FORWARD_SLASHES,
                                JsonWriteFeature.WRITE_NUMBERS_AS_STRINGS)
                        .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                        .build())
                // Which components there are, and in which order: as the record declares them.
                .annotationIntrospector(new RequiredUnlessOptional())
                .changeDefaultVisibility(visibility -> visibility
                        .withGetterVisibility(Visibility.NONE)
                        .withIsGetterVisibility(Visibility.NONE)
                        .withSetterVisibility(Visibility.NONE)
                        .withFieldVisibility(Visibility.ANY))
                .enable(MapperFeature.CAN_OVERRIDE_ACCESS_MODIFIERS, MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
                .disable(
                        MapperFeature.SORT_PROPERTIES_ALPHABETICALLY,
                        MapperFeature.ALLOW_COERCION_OF_SCALARS,
                        MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS,
                        MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES,
                        MapperFeature.ACCEPT_CASE_INSENSITIVE_VALUES)
                // How values are written.
                .disable(
                        SerializationFeature.INDENT_OUTPUT,
                        SerializationFeature.WRAP_ROOT_VALUE,
                        SerializationFeature.FAIL_ON_EMPTY_BEANS,
                        SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS,
                        SerializationFeature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED,
                        SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
                .enable(SerializationFeature.FAIL_ON_SELF_REFERENCES, SerializationFeature.WRITE_EMPTY_JSON_ARRAYS)
                .disable(
                        DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS,
                        DateTimeFeature.WRITE_DATE_KEYS_AS_TIMESTAMPS,
                        DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS,
                        DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE,
                        DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE,
                        DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID)
                .enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID, DateTimeFeature.ONE_BASED_MONTHS)
                .disable(
                        EnumFeature.WRITE_ENUMS_USING_INDEX,
                        EnumFeature.WRITE_ENUMS_USING_TO_STRING,
                        EnumFeature.READ_ENUMS_USING_TO_STRING,
                        EnumFeature.WRITE_ENUMS_TO_LOWERCASE,
                        EnumFeature.WRITE_ENUM_KEYS_USING_INDEX,
                        EnumFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL)
                .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                // How values are read.
                .disable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.ACCEPT_FLOAT_AS_INT,
                        DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY,
                        DeserializationFeature.UNWRAP_SINGLE_VALUE_ARRAYS,
                        DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                // A set comes back in the order in which it was written, as lists and maps do.
                .addModule(new SimpleModule("ordered-sets").addAbstractTypeMapping(Set.class, LinkedHashSet.class))
                .addModules(modules);
        setFeaturesOfLaterVersions(builder);
        mapper = builder.build();
    }

    /** What came after Jackson 3.0, to which a user's BOM may hold us; 3.0 behaves as if they were so. */
    private static void setFeaturesOfLaterVersions(JsonMapper.Builder builder) {
        known(MapperFeature.class, "INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY").forEach(builder::enable);
        known(SerializationFeature.class, "ORDER_SET_ELEMENTS").forEach(builder::disable);
        known(DateTimeFeature.class, "TRUNCATE_TO_MSECS_ON_WRITE", "TRUNCATE_TO_MSECS_ON_READ")
                .forEach(builder::disable);
    }

    private static <F extends Enum<F>> Stream<F> known(Class<F> type, String... names) {
        return Stream.of(type.getEnumConstants())
                .filter(feature -> List.of(names).contains(feature.name()));
    }

    /** Tells by the declarations of a type whether its values come back as they are written. */
    public TypeCheck.Result check(Class<?> type) {
        return TypeCheck.of(type, mapper);
    }

    /**
     * Writes an event.
     *
     * @param version the version of the payload's type
     * @throws JacksonException if the payload cannot be written
     */
    public void write(DomainEvent<?> event, int version, OutputStream out) {
        try (JsonGenerator json = mapper.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringProperty("at", event.timestamp().toString());
            if (version > 1) {
                json.writeNumberProperty("v", version);
            }
            if (!event.metadata().isEmpty()) {
                json.writeObjectPropertyStart("meta");
                event.metadata().forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            json.writeName("data");
            mapper.writeValue(json, event.payload());
            json.writeEndObject();
        }
    }

    /**
     * Reads what {@link #write} wrote. A tree is made of data only where they may be those of an older version.
     *
     * @param version the version that the type has now
     * @param steps what brings older data there
     * @throws JacksonException if it is not that
     * @throws java.time.DateTimeException if the time is none
     */
    public <E> Content<E> read(byte[] json, int offset, Class<E> type, int version, Steps steps) {
        try (JsonParser parser = mapper.createParser(json, offset, json.length - offset)) {
            Instant at = null;
            Map<String, String> metadata = Map.of();
            int storedVersion = 0;
            E data = null;
            JsonNode tree = null;
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("it is not a JSON object");
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "at" -> at = Instant.parse(parser.getString());
                    case "v" -> storedVersion = readVersion(parser);
                    case "meta" -> metadata = readTexts(parser);
                    case "data" -> {
                        if (value != JsonToken.VALUE_NULL && storedVersion < version && version > 1) {
                            tree = mapper.readTree(parser);
                        } else if (value != JsonToken.VALUE_NULL) {
                            data = mapper.readValue(parser, type);
                        }
                    }
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("something follows its JSON object");
            }
            if (tree != null) {
                // Nothing is stored of version 1.
                data = mapper.treeToValue(upToDate(tree, Math.max(1, storedVersion), version, steps), type);
            }
            if (at == null || data == null) {
                throw new IllegalArgumentException("it has no '" + (at == null ? "at" : "data") + "'");
            }
            return new Content<>(at, Math.max(1, storedVersion), metadata, data);
        }
    }

    private static JsonNode upToDate(JsonNode data, int storedVersion, int version, Steps steps) {
        JsonNode newer = data;
        for (int from = storedVersion; from < version; from++) {
            if (!(newer instanceof ObjectNode object)) {
                throw new IllegalArgumentException("its data have version " + from
                        + " and are not a JSON object, so that no step can make version " + version + " of them");
            }
            newer = steps.next(object, from);
        }
        return newer;
    }

    /** A version above that of the class is one of a newer program: what this one knows of it is read. */
    private static int readVersion(JsonParser parser) {
        int version = parser.currentToken() == JsonToken.VALUE_NUMBER_INT ? parser.getIntValue() : 0;
        if (version < 1) {
            throw new IllegalArgumentException("its version is no whole number from 1");
        }
        return version;
    }

    private static Map<String, String> readTexts(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new IllegalArgumentException("its metadata is not a JSON object");
        }
        Map<String, String> texts = new TreeMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            String text = parser.nextStringValue();
            if (text == null) {
                throw new IllegalArgumentException("its metadata '" + name + "' is not a text");
            }
            texts.put(name, text);
        }
        return texts;
    }

    /** Makes of data those of the next version. */
    @FunctionalInterface
    public interface Steps {
        ObjectNode next(ObjectNode data, int fromVersion);
    }

    /**
     * What an event's JSON holds.
     *
     * @param at when it happened
     * @param version the version of the type that the payload was stored with
     * @param metadata what is known beside the fact
     * @param data the payload
     */
    public record Content<E>(Instant at, int version, Map<String, String> metadata, E data) {}
}
