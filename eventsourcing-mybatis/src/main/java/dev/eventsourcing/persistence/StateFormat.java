package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.json.JsonTranscoder;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JacksonModule;

/**
 * How the states of events and snapshots are written and read: as JSON, which may be compressed and then encrypted. Each row tells
 * what was done to it, so this can change at any time: older rows stay readable, for as long as the keys are given that they were
 * encrypted with.
 *
 * <pre>{@code
 * StateFormat.json(new MoneyModule())
 *         .compressed(Compressor.zstd())
 *         .encrypted(CipherKeys.parse(secret))
 *         .upcast(DogRegistered.class, 1, (data, event) -> data.put("breed", "unknown"))
 * }</pre>
 *
 * <p>Payloads are records, best; their components may be texts, numbers, booleans, enums (stored by name), {@code UUID}, the
 * types of {@code java.time} (ISO 8601; offsets and zones are kept; a {@code Month} is a number from 1), {@code BigDecimal}
 * (scale is kept), {@code Optional}, arrays, lists, sets, maps (the last three keep their order) and further records. What is stored
 * names no Java class, so nothing but the declared types is made from it. A field that the type does not know is ignored. One that is
 * missing is an error, unless the component is an {@code Optional}, a collection, a map or annotated {@code @Nullable}; likewise a
 * null is refused when writing. NaN and the infinities are refused, as JSON has no such numbers, and so are numbers of more than 1,000 digits.
 *
 * <p>What is read back is what was saved. An application checks the declarations of the types that it writes when it is made, and
 * refuses a component that does not say what comes back ({@code Object}, {@code Number}, raw and wildcard types, an interface or an
 * abstract class that is not a sealed one with {@code @JsonTypeInfo}, a record as a key of a map, a class that Jackson cannot construct).
 * Where it depends on the value (classes other than records, subtypes, Jackson's annotations, modules of the user's own), each value
 * is read back before it is stored, and refused if it differs. Reading refuses no type. For types with a history see {@link #waive};
 * {@code RoundTripCheck} in the testing kit tries many values of a type.
 *
 * <p>Immutable, and safe for use by several threads.
 */
public final class StateFormat {
    private final JsonTranscoder transcoder;
    private final Envelope envelope;
    private final Upcasters upcasters;
    private final Set<String> waivers;

    private StateFormat(JsonTranscoder transcoder, Envelope envelope, Upcasters upcasters, Set<String> waivers) {
        this.transcoder = transcoder;
        this.envelope = envelope;
        this.upcasters = upcasters;
        this.waivers = waivers;
    }

    /**
     * Plain JSON. Modules teach it value types of the user's own, in Jackson's terms; they are the only ones, as none is looked
     * up on the class path. What they write stays in the database: change one only if it still reads what it wrote.
     */
    public static StateFormat json(JacksonModule... modules) {
        return new StateFormat(new JsonTranscoder(modules), Envelope.PLAIN, Upcasters.NONE, Set.of());
    }

    /**
     * The same, with what is written from now on compressed where that makes it smaller; data of more than 64 MiB are not. What the
     * supplied compressors wrote is always read, and what one of your own wrote is if it was given before this one: {@code
     * compressed(mine).compressed(Compressor.none())} reads both, and compresses no more.
     *
     * @throws ConfigurationException if the id of a compressor of your own is not from 3 to 7, or is that of another one given
     *     before
     */
    public StateFormat compressed(Compressor compressor) {
        return new StateFormat(transcoder, envelope.compressed(compressor), upcasters, waivers);
    }

    /**
     * The same, with what is written from now on encrypted with the first of the keys (AES-GCM), and bound to its application,
     * originator, version and topic: a row that was changed or moved, in any of them, is refused. Replaces keys given before. Rows that
     * are not encrypted are still read.
     *
     * <p>An application's name is part of what is encrypted with: one that is renamed cannot read its events any more. Those four
     * stay readable for anybody, as do the number of events, their times and their sizes.
     */
    public StateFormat encrypted(CipherKeys keys) {
        return new StateFormat(transcoder, envelope.encrypted(keys), upcasters, waivers);
    }

    /**
     * The same, with a step that makes of the data of one version of a type those of the next. Data that were stored with an older
     * version than the type's {@link dev.eventsourcing.domain.Topic#version()} go through all steps from there, one after another. Data
     * of a newer one are read as they are.
     *
     * @param type the type of an event or of a snapshot's state
     * @param fromVersion the version of the data that the step is given; from 1, and below the type's version
     * @throws ConfigurationException if it is another version, or the type has a step from there
     */
    public StateFormat upcast(Class<?> type, int fromVersion, Upcaster step) {
        return new StateFormat(transcoder, envelope, upcasters.with(type, fromVersion, step), waivers);
    }

    /**
     * The same with a component that may stay as it is declared, although its declaration does not say what is read back: for
     * types that have a history. Each value of the type is then read back before it is stored, and refused with a {@link
     * PersistenceException} if it would come back different. Declare new types so that they need none.
     *
     * @param path as the {@link ConfigurationException} shows it which refuses the type: the topic and the components that lead
     *     there, as {@code Order.Placed.attributes[]}; all below it is waived too
     * @throws ConfigurationException if the path is blank
     */
    public StateFormat waive(String path) {
        if (path.isBlank()) {
            throw new ConfigurationException("The path of a waiver is blank. Give it as the refusal shows it.");
        }
        Set<String> more = new HashSet<>(waivers);
        more.add(path);
        return new StateFormat(transcoder, envelope, upcasters, Set.copyOf(more));
    }

    /**
     * The same as an application's settings have it: {@code compressor} and {@code cipher-keys} take the place of what the code says
     * of the compressor and of the keys. Names that are no settings are warned of here, for a slip in {@code cipher-keys} would
     * mean that nothing is encrypted.
     *
     * @throws ConfigurationException if one cannot be used
     */
    public StateFormat configured(Settings settings) {
        settings.warnOfUnknown();
        StateFormat format = settings.text(Settings.COMPRESSOR)
                .map(name -> compressed(compressor(name, settings)))
                .orElse(this);
        return settings.text(Settings.CIPHER_KEYS)
                .map(keys -> format.encrypted(keys(keys, settings)))
                .orElse(format);
    }

    private static Compressor compressor(String name, Settings settings) {
        return switch (name) {
            case "none" -> Compressor.none();
            case "deflate" -> Compressor.deflate();
            case "zstd" -> zstd(settings);
            default -> throw settings.unusable(Settings.COMPRESSOR, "is none of none, deflate, zstd");
        };
    }

    private static Compressor zstd(Settings settings) {
        try {
            return Compressor.zstd();
        } catch (ConfigurationException e) {
            throw settings.unusable(Settings.COMPRESSOR, "cannot be used: " + withoutFullStop(e), e);
        }
    }

    private static CipherKeys keys(String text, Settings settings) {
        try {
            return CipherKeys.parse(text);
        } catch (ConfigurationException e) {
            throw settings.unusable(Settings.CIPHER_KEYS, "cannot be used: " + withoutFullStop(e), e);
        }
    }

    private static String withoutFullStop(ConfigurationException error) {
        return String.valueOf(error.getMessage()).replaceFirst("\\.$", "");
    }

    /** What the code says, by the keys of the settings that go before it; for {@link Settings#describe(Map)}. Shows no key. */
    public Map<String, String> saidInCode() {
        return envelope.saidInCode();
    }

    /** The same, neither compressed nor encrypted. */
    StateFormat plain() {
        return new StateFormat(transcoder, Envelope.PLAIN, upcasters, waivers);
    }

    JsonTranscoder transcoder() {
        return transcoder;
    }

    Envelope envelope() {
        return envelope;
    }

    /** Whether a part of a type may stay as it is declared. */
    boolean waives(String path) {
        return waivers.stream()
                .anyMatch(waiver ->
                        path.equals(waiver) || path.startsWith(waiver + ".") || path.startsWith(waiver + "["));
    }

    Upcasters upcasters() {
        return upcasters;
    }

    /** Says what is done to states, and shows no key. */
    @Override
    public String toString() {
        return "JSON, " + envelope;
    }
}
