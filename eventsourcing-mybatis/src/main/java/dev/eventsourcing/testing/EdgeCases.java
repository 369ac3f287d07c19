package dev.eventsourcing.testing;

import static java.util.Map.entry;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** Values of the types of the JDK at which a format is most likely to go wrong: limits, signs, empty texts, far times. */
final class EdgeCases {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /** The hour that comes twice in Berlin. */
    private static final ZonedDateTime TWICE =
            LocalDateTime.of(2026, 10, 25, 2, 30).atZone(BERLIN);

    private static final List<Byte> BYTES = List.of((byte) 0, (byte) 1, (byte) -1, Byte.MIN_VALUE, Byte.MAX_VALUE);
    private static final List<Short> SHORTS = List.of((short) 0, (short) -1, Short.MIN_VALUE, Short.MAX_VALUE);
    private static final List<Integer> INTS = List.of(0, 1, -1, 65_536, Integer.MIN_VALUE, Integer.MAX_VALUE);
    private static final List<Long> LONGS =
            List.of(0L, 1L, -1L, 1L << 31, (1L << 53) + 1, Long.MIN_VALUE, Long.MAX_VALUE);
    private static final List<Float> FLOATS =
            List.of(0f, -0f, 1f, 0.1f, 16_777_217f, 1e-7f, Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE);
    private static final List<Double> DOUBLES =
            List.of(0d, -0d, 1d, 0.1, 1e16, 1e-7, 5e-324, Double.MIN_NORMAL, Double.MAX_VALUE, -Double.MAX_VALUE);
    private static final List<Boolean> BOOLEANS = List.of(true, false);
    private static final List<Character> CHARACTERS =
            List.of('a', ' ', '\0', '"', '\\', '\n', 'é', '€', '\u2028', '\uffff');
    private static final List<String> TEXTS = List.of(
            "a",
            "",
            " ",
            " a ",
            "null",
            "0",
            "\0",
            "\"\\/\n\r\t\u2028",
            "é€😀",
            "\uffff",
            "😀".repeat(3_000),
            "x" + "😀".repeat(5_000));

    private static final Map<Class<?>, List<?>> KNOWN = Map.ofEntries(
            entry(byte.class, BYTES),
            entry(Byte.class, BYTES),
            entry(short.class, SHORTS),
            entry(Short.class, SHORTS),
            entry(int.class, INTS),
            entry(Integer.class, INTS),
            entry(long.class, LONGS),
            entry(Long.class, LONGS),
            entry(float.class, FLOATS),
            entry(Float.class, FLOATS),
            entry(double.class, DOUBLES),
            entry(Double.class, DOUBLES),
            entry(boolean.class, BOOLEANS),
            entry(Boolean.class, BOOLEANS),
            entry(char.class, CHARACTERS),
            entry(Character.class, CHARACTERS),
            entry(String.class, TEXTS),
            entry(CharSequence.class, TEXTS),
            entry(
                    BigInteger.class,
                    List.of(BigInteger.ZERO, BigInteger.ONE.negate(), BigInteger.TWO.pow(63), BigInteger.TEN.pow(900))),
            entry(
                    BigDecimal.class,
                    List.of(
                            BigDecimal.ZERO,
                            new BigDecimal("0.00"),
                            new BigDecimal("10.00"),
                            new BigDecimal("-1E+3"),
                            new BigDecimal("1E-400"),
                            new BigDecimal("12345678901234567890.12345678901234567890"))),
            entry(UUID.class, List.of(new UUID(0, 0), new UUID(-1, -1), UUID.nameUUIDFromBytes(new byte[] {1}))),
            entry(
                    Instant.class,
                    List.of(
                            Instant.EPOCH,
                            Instant.parse("2026-03-01T12:00:00.000000001Z"),
                            Instant.ofEpochSecond(-1, 999_999_999),
                            Instant.MIN,
                            Instant.MAX)),
            entry(
                    LocalDate.class,
                    List.of(
                            LocalDate.EPOCH,
                            LocalDate.of(2024, 2, 29),
                            LocalDate.of(0, 1, 1),
                            LocalDate.MIN,
                            LocalDate.MAX)),
            entry(
                    LocalTime.class,
                    List.of(
                            LocalTime.MIN,
                            LocalTime.NOON,
                            LocalTime.of(1, 2, 3),
                            LocalTime.of(1, 2, 3, 4),
                            LocalTime.MAX)),
            entry(
                    LocalDateTime.class,
                    List.of(
                            LocalDateTime.of(2026, 3, 1, 0, 0),
                            LocalDateTime.of(2026, 3, 1, 1, 2, 3, 4),
                            LocalDateTime.MIN,
                            LocalDateTime.MAX)),
            entry(
                    OffsetDateTime.class,
                    List.of(
                            OffsetDateTime.of(2026, 3, 1, 12, 0, 0, 0, ZoneOffset.UTC),
                            OffsetDateTime.of(2026, 3, 1, 12, 0, 0, 1, ZoneOffset.ofHoursMinutesSeconds(-1, -2, -3)),
                            OffsetDateTime.MIN,
                            OffsetDateTime.MAX)),
            entry(
                    OffsetTime.class,
                    List.of(OffsetTime.of(LocalTime.NOON, ZoneOffset.UTC), OffsetTime.MIN, OffsetTime.MAX)),
            entry(
                    ZonedDateTime.class,
                    List.of(
                            TWICE.withEarlierOffsetAtOverlap(),
                            TWICE.withLaterOffsetAtOverlap(),
                            LocalDateTime.of(2026, 3, 1, 12, 0, 0, 1).atZone(ZoneId.of("UTC")),
                            LocalDateTime.of(2026, 3, 1, 12, 0).atZone(ZoneOffset.UTC),
                            LocalDateTime.of(1800, 3, 1, 12, 0).atZone(BERLIN),
                            LocalDateTime.of(12_026, 3, 1, 12, 0).atZone(ZoneId.of("GMT+2")))),
            entry(
                    Duration.class,
                    List.of(
                            Duration.ZERO,
                            Duration.ofNanos(-1),
                            Duration.ofMillis(90_500),
                            Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
                            Duration.ofSeconds(Long.MIN_VALUE))),
            entry(
                    Period.class,
                    List.of(
                            Period.ZERO,
                            Period.of(1, -2, 3),
                            Period.ofWeeks(2),
                            Period.of(Integer.MAX_VALUE, 0, Integer.MIN_VALUE))),
            entry(
                    Year.class,
                    List.of(Year.of(2026), Year.of(0), Year.of(-44), Year.of(Year.MAX_VALUE), Year.of(Year.MIN_VALUE))),
            entry(YearMonth.class, List.of(YearMonth.of(2026, 3), YearMonth.of(-1, 12), YearMonth.of(12_026, 1))),
            entry(MonthDay.class, List.of(MonthDay.of(2, 29), MonthDay.of(12, 31))),
            entry(
                    ZoneId.class,
                    List.of(BERLIN, ZoneId.of("UTC"), ZoneOffset.UTC, ZoneId.of("GMT+2"), ZoneOffset.ofHours(3))),
            entry(
                    ZoneOffset.class,
                    List.of(ZoneOffset.UTC, ZoneOffset.MIN, ZoneOffset.MAX, ZoneOffset.ofHoursMinutesSeconds(1, 2, 3))),
            entry(
                    URI.class,
                    List.of(URI.create("https://example.org/a%20b?c=d#e"), URI.create(""), URI.create("urn:a:b"))),
            entry(Currency.class, List.of(Currency.getInstance("EUR"), Currency.getInstance("JPY"))),
            entry(
                    Locale.class,
                    List.of(Locale.ROOT, Locale.GERMAN, Locale.CANADA_FRENCH, Locale.forLanguageTag("zh-Hant-TW"))),
            entry(Date.class, List.of(new Date(0), new Date(-1), new Date(1_772_366_400_123L))),
            entry(
                    OptionalInt.class,
                    List.of(OptionalInt.empty(), OptionalInt.of(0), OptionalInt.of(Integer.MIN_VALUE))),
            entry(
                    OptionalLong.class,
                    List.of(OptionalLong.empty(), OptionalLong.of(0), OptionalLong.of(Long.MAX_VALUE))),
            entry(
                    OptionalDouble.class,
                    List.of(OptionalDouble.empty(), OptionalDouble.of(-0d), OptionalDouble.of(0.1))));

    private EdgeCases() {}

    /** The edge cases of a type; none if it is another's. */
    static List<?> of(Class<?> type) {
        return KNOWN.getOrDefault(type, List.of());
    }
}
