package dev.eventsourcing.persistence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Topic;
import dev.eventsourcing.domain.Topics;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

class EventCodecTest {
    private static final UUID ID = UUID.fromString("11111111-2222-5333-8444-555555555555");
    private static final Instant AT = Instant.parse("2026-03-01T12:00:00.5Z");

    // What is stored, byte for byte. These must never change: there are databases full of them.

    static List<Map.Entry<Object, String>> states() {
        return List.of(
                Map.entry(new Said("Hello, Fido"), "{\"text\":\"Hello, Fido\"}"),
                Map.entry(new Said("\"/\\\n\u0000é€😀"), "{\"text\":\"\\\"/\\\\\\n\\u0000é€😀\"}"),
                Map.entry(new Nothing(), "{}"),
                Map.entry(new Numbers(1, -2L, 0.1, 2.5f, true), "{\"i\":1,\"l\":-2,\"d\":0.1,\"f\":2.5,\"b\":true}"),
                Map.entry(
                        new Money(new BigDecimal("10.00"), new BigInteger("12345678901234567890")),
                        "{\"amount\":10.00,\"big\":12345678901234567890}"),
                Map.entry(new Money(new BigDecimal("1E+400"), BigInteger.ZERO), "{\"amount\":1E+400,\"big\":0}"),
                Map.entry(new Ids(ID, List.of(ID)), "{\"id\":\"" + ID + "\",\"more\":[\"" + ID + "\"]}"),
                Map.entry(new Moods(Mood.GLAD, List.of(Mood.SAD)), "{\"mood\":\"GLAD\",\"more\":[\"SAD\"]}"),
                Map.entry(
                        new Maybe(
                                Optional.of("a"), OptionalInt.of(1), OptionalLong.empty(), Optional.of(new Said("b"))),
                        "{\"text\":\"a\",\"number\":1,\"said\":{\"text\":\"b\"}}"),
                Map.entry(
                        new Maybe(Optional.empty(), OptionalInt.empty(), OptionalLong.empty(), Optional.empty()), "{}"),
                Map.entry(new Noted(null, "b"), "{\"other\":\"b\"}"),
                Map.entry(new Deceptive("a", 1), "{\"name\":\"a\",\"size\":1}"),
                Map.entry(new Boxed(new Box<>(new Said("in"))), "{\"box\":{\"content\":{\"text\":\"in\"}}}"),
                Map.entry(
                        new Times(
                                Instant.parse("2026-03-01T12:00:00.123456789Z"),
                                LocalDate.of(2026, 3, 1),
                                LocalTime.of(12, 0),
                                LocalDateTime.of(2026, 3, 1, 12, 0, 30),
                                OffsetDateTime.of(2026, 3, 1, 12, 0, 0, 0, ZoneOffset.ofHours(2)),
                                OffsetTime.of(12, 0, 0, 0, ZoneOffset.ofHours(-5)),
                                ZonedDateTime.of(2026, 3, 1, 12, 0, 0, 0, ZoneId.of("Europe/Berlin")),
                                Duration.ofMillis(90_500),
                                Period.of(1, 2, 3),
                                Year.of(2026),
                                YearMonth.of(2026, 3),
                                MonthDay.of(2, 29),
                                ZoneId.of("Europe/Berlin"),
                                ZoneOffset.ofHoursMinutes(5, 30),
                                DayOfWeek.SUNDAY,
                                Month.MARCH),
                        "{\"instant\":\"2026-03-01T12:00:00.123456789Z\",\"date\":\"2026-03-01\",\"time\":\"12:00:00\","
                                + "\"dateTime\":\"2026-03-01T12:00:30\",\"offsetDateTime\":\"2026-03-01T12:00:00+02:00\","
                                + "\"offsetTime\":\"12:00-05:00\","
                                + "\"zonedDateTime\":\"2026-03-01T12:00:00+01:00[Europe/Berlin]\","
                                + "\"duration\":\"PT1M30.5S\",\"period\":\"P1Y2M3D\",\"year\":2026,"
                                + "\"yearMonth\":\"2026-03\",\"monthDay\":\"--02-29\",\"zone\":\"Europe/Berlin\","
                                + "\"offset\":\"+05:30\",\"day\":\"SUNDAY\",\"month\":3}"));
    }

    @ParameterizedTest
    @MethodSource("states")
    void storesTheFormatByteAndJsonInTheOrderOfTheComponents(Map.Entry<Object, String> expected) {
        StoredEvent stored = codec(expected.getKey().getClass()).encode(event(expected.getKey()));

        assertThat(stored.state()[0]).isEqualTo((byte) 0x01);
        assertThat(json(stored))
                .isEqualTo("{\"at\":\"2026-03-01T12:00:00.500Z\",\"data\":" + expected.getValue() + "}");
    }

    @ParameterizedTest
    @MethodSource("states")
    void readsWhatItStored(Map.Entry<Object, String> expected) {
        EventCodec codec = codec(expected.getKey().getClass());

        DomainEvent<?> decoded = codec.decode(codec.encode(event(expected.getKey())));

        assertThat(decoded).isEqualTo(event(expected.getKey()));
    }

    @Test
    void storesMetadataSortedByKey() {
        DomainEvent<?> event = event(new Said("a")).withMetadata(Map.of("b", "2", "a", "1", "c", "\"3\""));

        StoredEvent stored = codec(Said.class).encode(event);

        assertThat(json(stored))
                .isEqualTo(
                        "{\"at\":\"2026-03-01T12:00:00.500Z\",\"meta\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"\\\"3\\\"\"},"
                                + "\"data\":{\"text\":\"a\"}}");
        assertThat(codec(Said.class).decode(stored)).isEqualTo(event);
    }

    @Test
    void storesOriginatorVersionAndTopicBesideTheState() {
        StoredEvent stored = codec(Said.class).encode(event(new Said("a")));

        assertThat(stored.originatorId()).isEqualTo(ID);
        assertThat(stored.originatorVersion()).isEqualTo(7);
        assertThat(stored.topic()).isEqualTo("EventCodecTest.Said");
    }

    @Test
    void keepsWhenItHappenedToTheMicrosecond() {
        DomainEvent<?> event =
                new DomainEvent<>(ID, 1, Instant.parse("1815-12-10T00:00:00.000001999Z"), Map.of(), new Nothing());

        DomainEvent<?> decoded =
                codec(Nothing.class).decode(codec(Nothing.class).encode(event));

        assertThat(decoded.timestamp()).isEqualTo(Instant.parse("1815-12-10T00:00:00.000001Z"));
    }

    // What comes back.

    @Test
    void keepsZonesAndOffsetsAsTheyWere() {
        for (ZoneId zone : List.of(
                ZoneId.of("Europe/Berlin"),
                ZoneId.of("UTC"),
                ZoneId.of("Z"),
                ZoneId.of("GMT+2"),
                ZoneOffset.ofHours(3),
                ZoneId.of("America/Argentina/Buenos_Aires"))) {
            Zoned zoned = new Zoned(ZonedDateTime.of(2026, 3, 1, 12, 0, 0, 1, zone), zone);

            assertThat(roundTrip(zoned)).isEqualTo(zoned);
        }
    }

    @Test
    void keepsTheEarlierAndTheLaterOfAnHourThatComesTwice() {
        ZonedDateTime twice = ZonedDateTime.of(2026, 10, 25, 2, 30, 0, 0, ZoneId.of("Europe/Berlin"));
        Zoned earlier = new Zoned(twice.withEarlierOffsetAtOverlap(), twice.getZone());
        Zoned later = new Zoned(twice.withLaterOffsetAtOverlap(), twice.getZone());

        assertThat(roundTrip(earlier)).isEqualTo(earlier);
        assertThat(roundTrip(later)).isEqualTo(later).isNotEqualTo(earlier);
    }

    @Test
    void keepsNanosecondsOfTimesInThePayload() {
        Moments moments = new Moments(
                List.of(Instant.parse("2026-03-01T12:00:00.000000001Z"), Instant.MIN, Instant.MAX, Instant.EPOCH),
                List.of(
                        Duration.ofNanos(1),
                        Duration.ZERO,
                        Duration.ofDays(-400).minusNanos(1)),
                List.of(Year.of(-44), Year.of(12_026)),
                List.of(LocalDate.MIN, LocalDate.MAX, LocalDate.of(-1, 1, 1)),
                List.of(LocalTime.MIN, LocalTime.MAX));

        assertThat(roundTrip(moments)).isEqualTo(moments);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0.00",
                "-0.0",
                "10.00",
                "1E+3",
                "1E+30",
                "1E-30",
                "1E+2000",
                "1E-2000",
                "123456789012345678901234567890.10",
                "1E+2147483647",
                "1E-2147483647"
            })
    void keepsTheScaleOfDecimalsWhereverTheyStand(String text) {
        BigDecimal number = new BigDecimal(text);
        Decimals decimals = new Decimals(
                number, List.of(number), Map.of("a", number), Optional.of(number), Map.of("b", List.of(number)));

        assertThat(roundTrip(decimals)).isEqualTo(decimals);
    }

    @Test
    void keepsNumbersToTheirLimits() {
        Numbers largest = new Numbers(Integer.MAX_VALUE, Long.MAX_VALUE, Double.MAX_VALUE, Float.MAX_VALUE, true);
        Numbers smallest = new Numbers(Integer.MIN_VALUE, Long.MIN_VALUE, Double.MIN_VALUE, Float.MIN_VALUE, false);
        Numbers negativeZero = new Numbers(0, 0, -0.0, -0.0f, false);
        Money big = new Money(BigDecimal.ONE, BigInteger.TEN.pow(900));

        assertThat(roundTrip(largest)).isEqualTo(largest);
        assertThat(roundTrip(smallest)).isEqualTo(smallest);
        assertThat(roundTrip(negativeZero)).isEqualTo(negativeZero);
        assertThat(roundTrip(big)).isEqualTo(big);
    }

    @Test
    void keepsKeysOfMaps() {
        Maps maps = new Maps(
                Map.of("", 1, "a.b", 2),
                Map.of(Mood.GLAD, 1, Mood.SAD, 2),
                Map.of(-1, "a"),
                Map.of(ID, "b"),
                Map.of(LocalDate.of(2026, 3, 1), List.of(1, 2)),
                Map.of(Month.JANUARY, DayOfWeek.MONDAY, Month.DECEMBER, DayOfWeek.SUNDAY));

        assertThat(roundTrip(maps)).isEqualTo(maps);
    }

    @Test
    void keepsTheOrderOfListsSetsAndMaps() {
        Set<String> set = new LinkedHashSet<>(List.of("c", "a", "b"));
        Map<String, Integer> map = new LinkedHashMap<>();
        map.put("z", 1);
        map.put("a", 2);
        map.put("m", 3);
        Collected decoded = (Collected) roundTrip(new Collected(List.of("b", "a", "b"), set, map));

        assertThat(decoded.list()).containsExactly("b", "a", "b");
        assertThat(decoded.set()).containsExactly("c", "a", "b");
        assertThat(decoded.map()).containsExactly(Map.entry("z", 1), Map.entry("a", 2), Map.entry("m", 3));
    }

    @Test
    void keepsNestedAndGenericRecords() {
        Nested nested = new Nested(
                new Box<>(List.of(new Box<>(new Said("deep")))),
                Map.of("k", new Money(new BigDecimal("1.10"), BigInteger.ONE)));

        assertThat(roundTrip(nested)).isEqualTo(nested);
    }

    @Test
    void keepsARecordOfOneComponentOfAnyKind() {
        for (Object payload : List.of(
                new OneText("a"),
                new OneId(ID),
                new OneList(List.of(1)),
                new OneNumber(5),
                new OneMoney(new Money(BigDecimal.ONE, BigInteger.TWO)))) {
            assertThat(roundTrip(payload)).isEqualTo(payload);
        }
    }

    @Test
    void constantsWithBodiesAreStoredByTheirNames() {
        Moods moods = new Moods(Mood.SAD, List.of(Mood.GLAD, Mood.SAD));

        assertThat(roundTrip(moods)).isEqualTo(moods);
    }

    @Test
    void anEventMayBeAConstantOfAnEnum() {
        assertThat(roundTrip(Bell.RANG)).isEqualTo(Bell.RANG);
    }

    // What may be missing, and what may not.

    @Test
    void whatIsNullableOptionalOrACollectionMayBeMissingOrNull() {
        assertThat(decode(Lenient.class, "{\"required\":\"a\"}"))
                .isEqualTo(
                        new Lenient("a", null, Optional.empty(), List.of(), Set.of(), Map.of(), OptionalInt.empty()));
        assertThat(decode(
                        Lenient.class,
                        "{\"required\":\"a\",\"nullable\":null,\"optional\":null,\"list\":null,\"set\":null,\"map\":null,"
                                + "\"number\":null}"))
                .isEqualTo(
                        new Lenient("a", null, Optional.empty(), List.of(), Set.of(), Map.of(), OptionalInt.empty()));
    }

    @Test
    void unknownStoredFieldsAreIgnored() {
        assertThat(decode(Said.class, "{\"text\":\"a\",\"since\":{\"b\":[1,{}]}}"))
                .isEqualTo(new Said("a"));
        assertThat(decode(Nothing.class, "{\"text\":\"a\"}")).isEqualTo(new Nothing());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"text\":null}", "{\"Text\":\"a\"}"})
    void aRequiredComponentThatIsMissingOrNullIsRefusedWhenReading(String data) {
        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> decode(Said.class, data))
                .withMessageContaining("text");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"i\":1,\"l\":1,\"d\":1,\"f\":1}",
                "{\"i\":null,\"l\":1,\"d\":1,\"f\":1,\"b\":true}",
                "{\"i\":\"1\",\"l\":1,\"d\":1,\"f\":1,\"b\":true}",
                "{\"i\":1.5,\"l\":1,\"d\":1,\"f\":1,\"b\":true}",
                "{\"i\":1,\"l\":1,\"d\":1,\"f\":1,\"b\":1}",
                "{\"i\":3000000000,\"l\":1,\"d\":1,\"f\":1,\"b\":true}"
            })
    void numbersAndBooleansAreNotGuessed(String data) {
        assertThatExceptionOfType(EventDecodingException.class).isThrownBy(() -> decode(Numbers.class, data));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"HAPPY\"", "0", "\"glad\"", "\"\"", "\"Glad indeed\""})
    void unknownEnumConstantsAreRefused(String mood) {
        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> decode(Moods.class, "{\"mood\":" + mood + ",\"more\":[]}"));
    }

    @Test
    void aNullInARequiredComponentIsRefusedWhenWriting() {
        for (Object payload : List.of(
                new Said(null),
                new Ids(null, List.of()),
                new Ids(ID, null),
                new Moods(null, List.of()),
                new Money(null, BigInteger.ONE),
                new Maps(null, Map.of(), Map.of(), Map.of(), Map.of(), Map.of()),
                new OneMoney(new Money(BigDecimal.ONE, null)))) {
            assertThatExceptionOfType(PersistenceException.class)
                    .as(payload.toString())
                    .isThrownBy(() -> codec(payload.getClass()).encode(event(payload)))
                    .withMessageContaining("version 7 of " + ID)
                    .withMessageContaining("is null");
        }
    }

    @Test
    void aNullOptionalIsStoredAsAnEmptyOne() {
        Object decoded = roundTrip(new Maybe(null, OptionalInt.empty(), OptionalLong.empty(), Optional.empty()));

        assertThat(((Maybe) decoded).text()).isEmpty();
    }

    // Numbers that JSON has not.

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void numbersThatJsonHasNotAreRefusedWhereverTheyStand(double number) {
        for (Object payload : List.of(
                new Numbers(1, 1, number, 1, true),
                new Numbers(1, 1, 1, (float) number, true),
                new Measured(List.of(1.0, number), new double[0], new float[0], Map.of(), Optional.empty()),
                new Measured(List.of(), new double[] {1, number}, new float[0], Map.of(), Optional.empty()),
                new Measured(List.of(), new double[0], new float[] {(float) number}, Map.of(), Optional.empty()),
                new Measured(List.of(), new double[0], new float[0], Map.of("a", number), Optional.empty()),
                new Measured(List.of(), new double[0], new float[0], Map.of(), Optional.of(number)))) {
            assertThatExceptionOfType(PersistenceException.class)
                    .as(payload.toString())
                    .isThrownBy(() -> codec(payload.getClass()).encode(event(payload)))
                    .withMessageContaining("is not a number that JSON has");
        }
    }

    @Test
    void arraysOfFiniteNumbersAreStored() {
        Measured measured =
                new Measured(List.of(1.5), new double[] {0.1, -2}, new float[] {3}, Map.of(), Optional.empty());

        Measured decoded = (Measured) roundTrip(measured);

        assertThat(decoded.doubles()).containsExactly(0.1, -2);
        assertThat(decoded.floats()).containsExactly(3);
    }

    @Test
    void numbersAsLongAsAreWrittenAreReadAndLongerOnesRefused() {
        EventCodec codec = codec(Money.class);
        codec.encode(event(new Money(BigDecimal.ONE, BigInteger.ONE)));
        BigInteger longest = BigInteger.TEN.pow(1_000).subtract(BigInteger.ONE).negate();

        for (BigDecimal decimal : List.of(
                new BigDecimal(longest, 0),
                new BigDecimal(longest, 500),
                new BigDecimal(longest, 1_005),
                new BigDecimal(longest, Integer.MAX_VALUE),
                new BigDecimal(longest, Integer.MIN_VALUE + 1_000))) {
            Money money = new Money(decimal, longest);

            assertThat(codec.decode(codec.encode(event(money))).payload()).isEqualTo(money);
        }
        for (Money tooLong : List.of(
                new Money(new BigDecimal(BigInteger.TEN.pow(1_000), 5), BigInteger.ONE),
                new Money(BigDecimal.ONE, BigInteger.TEN.pow(1_000)))) {
            assertThatExceptionOfType(PersistenceException.class)
                    .isThrownBy(() -> codec.encode(event(tooLong)))
                    .withMessageContaining("a number of 1001 digits");
        }
    }

    @Test
    void keysOfMapsMayBeLong() {
        Collected collected = new Collected(List.of(), Set.of(), Map.of("x".repeat(100_000), 1));

        assertThat(roundTrip(collected)).isEqualTo(collected);
    }

    // States that nobody of ours wrote.

    @Test
    void anUnreadableStateIsReportedWithAllThatIsKnownOfIt() {
        StoredEvent broken = new StoredEvent(ID, 7, "EventCodecTest.Said", state("{\"at\":\"2026-03-01T12:00:00Z\"}"));

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(Said.class).decode(new Notification(42, broken)))
                .satisfies(e -> {
                    assertThat(e.application()).isEqualTo("Talk");
                    assertThat(e.originatorId()).isEqualTo(ID);
                    assertThat(e.originatorVersion()).isEqualTo(7);
                    assertThat(e.topic()).isEqualTo("EventCodecTest.Said");
                    assertThat(e.notificationId()).hasValue(42);
                })
                .withMessage("Cannot read version 7 of " + ID + " in application Talk (topic EventCodecTest.Said,"
                        + " notification 42): the state does not decode: it has no 'data'");
        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(Said.class).decode(broken))
                .satisfies(e -> assertThat(e.notificationId()).isEmpty());
    }

    @Test
    void anUnknownTopicIsReportedWithTheKnownOnes() {
        StoredEvent stored = new StoredEvent(ID, 7, "Dog.Barked", state("{}"));

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(Said.class).decode(stored))
                .withMessageContaining("Dog.Barked")
                .withMessageContaining("[EventCodecTest.Said]");
    }

    @Test
    void anotherFormatIsRefused() {
        byte[] state = state("{\"at\":\"2026-03-01T12:00:00Z\",\"data\":{\"text\":\"a\"}}");
        for (int format : new int[] {0x00, 0x02, 0x0a, 0x12, 0x7b, 0x81, 0xff}) {
            state[0] = (byte) format;

            assertThatExceptionOfType(EventDecodingException.class)
                    .isThrownBy(() -> codec(Said.class).decode(new StoredEvent(ID, 7, "EventCodecTest.Said", state)))
                    .withMessageContaining("format 0x%02x".formatted(format));
        }
    }

    @Test
    void aStateThatIsCutOffAnywhereIsRefused() {
        byte[] state = codec(Said.class)
                .encode(event(new Said("a")).withMetadata(Map.of("a", "b")))
                .state();
        for (int length = 0; length < state.length; length++) {
            StoredEvent cut = new StoredEvent(ID, 7, "EventCodecTest.Said", Arrays.copyOf(state, length));

            assertThatExceptionOfType(EventDecodingException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> codec(Said.class).decode(cut));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "null",
                "[]",
                "\"a\"",
                "{]",
                "\u0000\u0001\u0002",
                "{}",
                "{\"at\":null,\"data\":{\"text\":\"a\"}}",
                "{\"at\":5,\"data\":{\"text\":\"a\"}}",
                "{\"at\":\"yesterday\",\"data\":{\"text\":\"a\"}}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"data\":null}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"data\":\"a\"}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"data\":[\"a\"]}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"data\":{\"text\":[\"a\"]}}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"data\":{\"text\":{}}}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"meta\":[],\"data\":{\"text\":\"a\"}}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"meta\":null,\"data\":{\"text\":\"a\"}}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"meta\":{\"a\":1},\"data\":{\"text\":\"a\"}}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"meta\":{\"a\":{}},\"data\":{\"text\":\"a\"}}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"data\":{\"text\":\"a\"}}{}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"data\":{\"text\":\"a\"}} x",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"data\":{\"text\":\"a\",\"text\":\"b\"}}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"data\":{\"text\":\"a\"},\"data\":{\"text\":\"b\"}}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"meta\":{\"a\":\"b\",\"a\":\"c\"},\"data\":{\"text\":\"a\"}}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"data\":{\"text\":NaN}}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"v\":0,\"data\":{\"text\":\"a\"}}",
                "{\"at\":\"2026-03-01T12:00:00Z\",\"v\":\"1\",\"data\":{\"text\":\"a\"}}",
                "{'at':'2026-03-01T12:00:00Z','data':{'text':'a'}}"
            })
    void whatIsNotTheJsonOfAnEventIsRefused(String json) {
        StoredEvent stored = new StoredEvent(ID, 7, "EventCodecTest.Said", state(json));

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(Said.class).decode(stored));
    }

    @Test
    void partsThatItDoesNotKnowAreIgnoredAndTheirOrderDoesNotMatter() {
        StoredEvent stored = new StoredEvent(
                ID,
                7,
                "EventCodecTest.Said",
                state("{\"data\":{\"text\":\"a\"},\"new\":[{\"data\":1}],\"v\":2,\"at\":\"2026-03-01T12:00:00.5Z\"}"));

        assertThat(codec(Said.class).decode(stored)).isEqualTo(event(new Said("a")));
    }

    static final class Closed {
        private final String text;

        Closed(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    @Test
    void whatCouldNotBeReadBackIsNotStored() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> codec(Closed.class).encode(event(new Closed("a"))))
                .withMessageContaining("no constructor or factory that Jackson can call")
                .withMessageContaining("record");
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        byte[] state = state("{\"at\":\"2026-03-01T12:00:00Z\",\"data\":{\"text\":\"?\"}}");
        state[state.length - 4] = (byte) 0xff;

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(Said.class).decode(new StoredEvent(ID, 7, "EventCodecTest.Said", state)));
    }

    @Test
    void deeplyNestedStatesAreRefusedAndDoNotExhaustTheStack() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        StoredEvent stored = new StoredEvent(
                ID,
                7,
                "EventCodecTest.Said",
                state("{\"x\":" + deep + ",\"at\":\"2026-03-01T12:00:00Z\",\"data\":{}}"));

        assertThatExceptionOfType(EventDecodingException.class)
                .isThrownBy(() -> codec(Said.class).decode(stored));
    }

    @Test
    void storedClassNamesMakeNothing() {
        Trap.SPRUNG.clear();

        Object anything = decode(
                Anything.class,
                "{\"@class\":\"" + Trap.class.getName() + "\",\"any\":{\"@class\":\"" + Trap.class.getName()
                        + "\",\"bait\":\"x\"},\"more\":[[\"" + Trap.class.getName() + "\",{\"bait\":\"x\"}]]}");

        assertThat(((Anything) anything).any()).isInstanceOf(Map.class);
        assertThat(Trap.SPRUNG).isEmpty();
    }

    @Test
    void refusesToStoreTypesThatAreNotRegistered() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> codec(Said.class).encode(event(new Nothing())))
                .withMessageContaining(Nothing.class.getName());
    }

    @Test
    void readsUnderAFormerTopic() {
        StoredEvent stored = new StoredEvent(
                ID, 7, "Whispered", state("{\"at\":\"2026-03-01T12:00:00.5Z\",\"data\":{\"text\":\"a\"}}"));

        assertThat(codec(Murmured.class).decode(stored)).isEqualTo(event(new Murmured("a")));
    }

    @Test
    void modulesTeachValueTypesOfTheUsersOwn() {
        SimpleModule colours = new SimpleModule("colours")
                .addSerializer(Colour.class, new ToStringSerializer(Colour.class))
                .addDeserializer(Colour.class, new StdDeserializer<>(Colour.class) {
                    @Override
                    public Colour deserialize(JsonParser parser, DeserializationContext context) {
                        return new Colour(parser.getString().substring(1));
                    }
                });
        Topics topics = new Topics();
        topics.register(List.of(Painted.class));
        EventCodec codec = new EventCodec("Talk", topics, StateFormat.json(colours));

        StoredEvent stored = codec.encode(event(new Painted(new Colour("ff0000"))));

        assertThat(json(stored)).endsWith("\"data\":{\"colour\":\"#ff0000\"}}");
        assertThat(codec.decode(stored).payload()).isEqualTo(new Painted(new Colour("ff0000")));
    }

    private static DomainEvent<?> event(Object payload) {
        return new DomainEvent<>(ID, 7, AT, Map.of(), payload);
    }

    private static EventCodec codec(Class<?> type) {
        Topics topics = new Topics();
        topics.register(List.of(type.isAnonymousClass() ? type.getSuperclass() : type));
        return new EventCodec("Talk", topics, StateFormat.json());
    }

    private static Object roundTrip(Object payload) {
        EventCodec codec = codec(payload.getClass());
        return codec.decode(codec.encode(event(payload))).payload();
    }

    private static Object decode(Class<?> type, String data) {
        EventCodec codec = codec(type);
        String topic = codec.topics().topicOf(type);
        byte[] state = state("{\"at\":\"2026-03-01T12:00:00Z\",\"data\":" + data + "}");
        return codec.decode(new StoredEvent(ID, 7, topic, state)).payload();
    }

    private static byte[] state(String json) {
        return ("\u0001" + json).getBytes(UTF_8);
    }

    private static String json(StoredEvent stored) {
        return new String(stored.state(), 1, stored.state().length - 1, UTF_8);
    }

    private record Said(String text) {}

    @Topic(value = "Murmured", former = "Whispered")
    private record Murmured(String text) {}

    private record Nothing() {}

    private record Numbers(int i, long l, double d, float f, boolean b) {}

    private record Money(BigDecimal amount, BigInteger big) {}

    private record Ids(UUID id, List<UUID> more) {}

    private record Moods(Mood mood, List<Mood> more) {}

    private enum Mood {
        GLAD {
            @Override
            public String toString() {
                return "Glad indeed";
            }
        },
        SAD
    }

    private enum Bell {
        RANG
    }

    private record Maybe(Optional<String> text, OptionalInt number, OptionalLong big, Optional<Said> said) {}

    private record Noted(@Nullable String note, String other) {}

    private record Deceptive(String name, int size) {
        public String getTitle() {
            return "title";
        }

        public boolean isEmpty() {
            return size == 0;
        }

        public void setOther(String other) {}
    }

    private record Box<T>(T content) {}

    private record Boxed(Box<Said> box) {}

    private record Nested(Box<List<Box<Said>>> box, Map<String, Money> money) {}

    private record Painted(Colour colour) {}

    private record Colour(String hex) {
        @Override
        public String toString() {
            return "#" + hex;
        }
    }

    private record OneText(String value) {}

    private record OneId(UUID id) {}

    private record OneList(List<Integer> list) {}

    private record OneNumber(int number) {}

    private record OneMoney(Money money) {}

    private record Zoned(ZonedDateTime when, ZoneId zone) {}

    private record Moments(
            List<Instant> instants,
            List<Duration> durations,
            List<Year> years,
            List<LocalDate> dates,
            List<LocalTime> times) {}

    private record Decimals(
            BigDecimal plain,
            List<BigDecimal> list,
            Map<String, BigDecimal> map,
            Optional<BigDecimal> optional,
            Map<String, List<BigDecimal>> deep) {}

    private record Maps(
            Map<String, Integer> texts,
            Map<Mood, Integer> moods,
            Map<Integer, String> numbers,
            Map<UUID, String> ids,
            Map<LocalDate, List<Integer>> dates,
            Map<Month, DayOfWeek> months) {}

    private record Collected(List<String> list, Set<String> set, Map<String, Integer> map) {}

    private record Lenient(
            String required,
            @Nullable String nullable,
            Optional<String> optional,
            List<String> list,
            Set<String> set,
            Map<String, String> map,
            OptionalInt number) {}

    private record Measured(
            List<Double> list, double[] doubles, float[] floats, Map<String, Double> map, Optional<Double> optional) {}

    private record Anything(Object any, List<Object> more) {}

    /** What a hostile state would like to have made. */
    public static final class Trap {
        static final List<String> SPRUNG = Collections.synchronizedList(new java.util.ArrayList<>());

        public Trap() {
            SPRUNG.add("made");
        }

        public void setBait(String bait) {
            SPRUNG.add(bait);
        }
    }

    private record Times(
            Instant instant,
            LocalDate date,
            LocalTime time,
            LocalDateTime dateTime,
            OffsetDateTime offsetDateTime,
            OffsetTime offsetTime,
            ZonedDateTime zonedDateTime,
            Duration duration,
            Period period,
            Year year,
            YearMonth yearMonth,
            MonthDay monthDay,
            ZoneId zone,
            ZoneOffset offset,
            DayOfWeek day,
            Month month) {}
}
