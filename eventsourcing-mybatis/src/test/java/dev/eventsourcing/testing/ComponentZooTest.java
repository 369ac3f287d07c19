package dev.eventsourcing.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.eventsourcing.domain.ConfigurationException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
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
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Currency;
import java.util.Date;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A record for each type that a component may have: it is refused where the type is registered, or each of its values comes back. */
class ComponentZooTest {
    // What the components consist of.

    enum Mood {
        GLAD,
        SAD {
            @Override
            public String toString() {
                return "sad indeed";
            }
        }
    }

    record Sku(String code, int size) {}

    record Pair<A, B>(A left, B right) {}

    record Tree(String name, List<Tree> children) {}

    record Chain(int link, @Nullable Chain next) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    sealed interface Term {}

    record Literal(int number) implements Term {}

    record Sum(Term left, Term right) implements Term {}

    record Product(List<Term> factors) implements Term {}

    /** Takes some values only. */
    record Age(int years) {
        Age {
            if (years < 0) {
                throw new IllegalArgumentException("An age of " + years);
            }
        }
    }

    record Code(@JsonValue String text) {
        @JsonCreator
        static Code of(String text) {
            return new Code(text);
        }
    }

    sealed interface Unnamed {}

    record First(int one) implements Unnamed {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    sealed interface Named {}

    record Card(String number) implements Named {}

    record Cash(BigDecimal amount, Optional<String> note) implements Named {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    sealed interface Untold {}

    record Telling(Object anything) implements Untold {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    interface ByClass {}

    record OneByClass(int one) implements ByClass {}

    interface Open {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(Listed.class))
    interface Listing {}

    record Listed(int one) implements Listing {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
    sealed interface Deduced {}

    record Wide(int width) implements Deduced {}

    record High(String height) implements Deduced {}

    abstract static class Animal {}

    static final class Closed {
        final String text;

        private Closed(String text) {
            this.text = text;
        }
    }

    static class Bean {
        String text = "";

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Bean bean && text.equals(bean.text);
        }

        @Override
        public int hashCode() {
            return Objects.hash(text);
        }
    }

    final class Inner {
        int number;
    }

    // One record for each type: those whose values come back ..

    record OfInt(int it) {}

    record OfInteger(@Nullable Integer it) {}

    record OfLong(long it) {}

    record OfShort(short it) {}

    record OfByte(byte it) {}

    record OfBoolean(boolean it) {}

    record OfChar(char it) {}

    record OfFloat(float it) {}

    record OfDouble(Double it) {}

    record OfString(String it) {}

    record OfNullable(@Nullable String it) {}

    record OfCharSequence(CharSequence it) {}

    record OfBigInteger(BigInteger it) {}

    record OfBigDecimal(BigDecimal it) {}

    record OfUuid(UUID it) {}

    record OfInstant(Instant it) {}

    record OfLocalDate(LocalDate it) {}

    record OfLocalTime(LocalTime it) {}

    record OfLocalDateTime(LocalDateTime it) {}

    record OfOffsetDateTime(OffsetDateTime it) {}

    record OfOffsetTime(OffsetTime it) {}

    record OfZonedDateTime(ZonedDateTime it) {}

    record OfDuration(Duration it) {}

    record OfPeriod(Period it) {}

    record OfYear(Year it) {}

    record OfYearMonth(YearMonth it) {}

    record OfMonthDay(MonthDay it) {}

    record OfZoneId(ZoneId it) {}

    record OfZoneOffset(ZoneOffset it) {}

    record OfDayOfWeek(DayOfWeek it, Month month) {}

    record OfUri(URI it) {}

    record OfCurrency(Currency it) {}

    record OfLocale(Locale it) {}

    record OfDate(Date it) {}

    record OfEnum(Mood it) {}

    record OfEnumSet(EnumSet<Mood> it) {}

    record OfEnumMap(EnumMap<Mood, Sku> it) {}

    record OfOptional(Optional<Sku> it) {}

    record OfOptionals(OptionalInt one, OptionalLong other, OptionalDouble third) {}

    record OfOptionalList(Optional<List<String>> it) {}

    record OfListOfOptionals(List<Optional<String>> it) {}

    record OfRecord(Sku it) {}

    record OfGeneric(Pair<Sku, List<Pair<Long, Mood>>> it) {}

    record OfRecursion(Tree it) {}

    record OfChain(Chain it) {}

    record OfTerm(Term it) {}

    record OfAge(Age it) {}

    record OfCode(Code it, List<Code> more) {}

    record OfList(List<Long> it) {}

    record OfNullableList(
            @Nullable List<String> it, @Nullable Map<String, Integer> map) {}

    record OfLists(List<List<Sku>> it, ArrayList<Float> array, LinkedList<String> linked) {}

    record OfBoundedList(List<? extends Sku> it) {}

    record OfCollection(Collection<String> it) {}

    record OfQueue(Queue<String> it, Deque<Integer> deque) {}

    record OfSet(Set<Double> it, HashSet<Sku> hashed, LinkedHashSet<Mood> linked) {}

    record OfSortedSet(SortedSet<String> it) {}

    record OfMap(Map<String, Sku> it, HashMap<String, List<Integer>> hashed, LinkedHashMap<String, Long> linked) {}

    record OfSortedMap(SortedMap<String, Integer> it, NavigableMap<Integer, String> other, TreeMap<Long, Mood> tree) {}

    record OfConcurrentMap(ConcurrentMap<String, Integer> it) {}

    record OfMapOfOptionals(Map<String, Optional<Integer>> it) {}

    record OfNumberKeys(
            Map<Byte, Integer> bytes,
            Map<Short, Integer> shorts,
            Map<Integer, Integer> ints,
            Map<Long, Integer> longs,
            Map<Float, Integer> floats,
            Map<Double, Integer> doubles,
            Map<BigInteger, Integer> bigs,
            Map<BigDecimal, Integer> decimals) {}

    record OfValueKeys(
            Map<Boolean, Integer> booleans,
            Map<Character, Integer> characters,
            Map<UUID, Integer> ids,
            Map<URI, Integer> uris,
            Map<Currency, Integer> currencies,
            Map<Mood, Integer> moods,
            Map<Month, Integer> months) {}

    record OfTimeKeys(
            Map<Instant, Integer> instants,
            Map<LocalDate, Integer> dates,
            Map<LocalTime, Integer> times,
            Map<LocalDateTime, Integer> dateTimes,
            Map<OffsetDateTime, Integer> offsetDateTimes,
            Map<OffsetTime, Integer> offsetTimes,
            Map<ZonedDateTime, Integer> zonedDateTimes,
            Map<Duration, Integer> durations,
            Map<Period, Integer> periods,
            Map<Year, Integer> years,
            Map<MonthDay, Integer> days,
            Map<ZoneId, Integer> zones,
            Map<ZoneOffset, Integer> offsets) {}

    record OfBytes(byte[] it, Byte[] boxed) {}

    record OfPrimitiveArrays(
            int[] ints, long[] longs, double[] doubles, float[] floats, short[] shorts, boolean[] booleans) {}

    record OfChars(char[] it) {}

    record OfArrays(String[] it, Sku[][] nested, List<String>[] lists) {}

    record OfNamed(Named it, List<Named> more) {}

    record OfDeduced(Deduced it) {}

    record OfTimeZone(TimeZone it) {}

    record OfListing(Listing it) {}

    record OfBean(Bean it) {}

    private static final List<Class<?>> EQUAL = List.of(
            OfInt.class,
            OfInteger.class,
            OfLong.class,
            OfShort.class,
            OfByte.class,
            OfBoolean.class,
            OfChar.class,
            OfFloat.class,
            OfDouble.class,
            OfString.class,
            OfNullable.class,
            OfCharSequence.class,
            OfBigInteger.class,
            OfBigDecimal.class,
            OfUuid.class,
            OfInstant.class,
            OfLocalDate.class,
            OfLocalTime.class,
            OfLocalDateTime.class,
            OfOffsetDateTime.class,
            OfOffsetTime.class,
            OfZonedDateTime.class,
            OfDuration.class,
            OfPeriod.class,
            OfYear.class,
            OfYearMonth.class,
            OfMonthDay.class,
            OfZoneId.class,
            OfZoneOffset.class,
            OfDayOfWeek.class,
            OfUri.class,
            OfCurrency.class,
            OfLocale.class,
            OfDate.class,
            OfEnum.class,
            OfEnumSet.class,
            OfEnumMap.class,
            OfOptional.class,
            OfOptionals.class,
            OfOptionalList.class,
            OfListOfOptionals.class,
            OfRecord.class,
            OfGeneric.class,
            OfRecursion.class,
            OfChain.class,
            OfTerm.class,
            OfAge.class,
            OfCode.class,
            OfList.class,
            OfNullableList.class,
            OfLists.class,
            OfBoundedList.class,
            OfCollection.class,
            OfQueue.class,
            OfSet.class,
            OfSortedSet.class,
            OfMap.class,
            OfSortedMap.class,
            OfConcurrentMap.class,
            OfMapOfOptionals.class,
            OfNumberKeys.class,
            OfValueKeys.class,
            OfTimeKeys.class,
            OfBytes.class,
            OfPrimitiveArrays.class,
            OfChars.class,
            OfArrays.class,
            OfNamed.class,
            OfDeduced.class,
            OfTimeZone.class,
            OfListing.class,
            OfBean.class);

    // .. and those that are refused.

    record OfObject(Object it) {}

    record OfNumber(Number it) {}

    record OfSerializable(Serializable it) {}

    record OfComparable(Comparable<?> it) {}

    record OfAnyMap(Map<String, Object> it) {}

    @SuppressWarnings("rawtypes")
    record OfRawList(List it) {}

    record OfWildcard(List<?> it) {}

    record OfNumbers(Optional<List<? extends Number>> it) {}

    record OfObjectArray(Object[] it) {}

    record OfVariable<T>(T it) {}

    record OfRecordKeys(Map<Sku, Integer> it) {}

    record OfObjectKeys(Map<Object, Integer> it) {}

    record OfBeanKeys(Map<Bean, Integer> it) {}

    record OfNestedOptional(Optional<Optional<String>> it) {}

    record OfOptionalOptionalInt(Optional<OptionalInt> it) {}

    record OfReference(AtomicReference<String> it) {}

    record OfBitSet(BitSet it) {}

    record OfPattern(Pattern it) {}

    record OfClass(Class<?> it) {}

    record OfThread(Thread it) {}

    record OfSupplier(Supplier<String> it) {}

    record OfIterator(Iterator<String> it) {}

    record OfStream(Stream<String> it) {}

    record OfOpen(Open it) {}

    record OfAbstract(Animal it) {}

    record OfUnnamed(Unnamed it) {}

    record OfUntold(Untold it) {}

    record OfByClass(ByClass it) {}

    record OfClosed(Closed it) {}

    record OfInner(Inner it) {}

    private static final Map<Class<?>, String> REFUSED = Map.ofEntries(
            Map.entry(OfObject.class, "it"),
            Map.entry(OfNumber.class, "it"),
            Map.entry(OfSerializable.class, "it"),
            Map.entry(OfComparable.class, "it"),
            Map.entry(OfAnyMap.class, "it[]"),
            Map.entry(OfRawList.class, "it[]"),
            Map.entry(OfWildcard.class, "it[]"),
            Map.entry(OfNumbers.class, "it[]"),
            Map.entry(OfObjectArray.class, "it[]"),
            Map.entry(OfVariable.class, "it"),
            Map.entry(OfRecordKeys.class, "it[key]"),
            Map.entry(OfObjectKeys.class, "it[key]"),
            Map.entry(OfBeanKeys.class, "it[key]"),
            Map.entry(OfNestedOptional.class, "it"),
            Map.entry(OfOptionalOptionalInt.class, "it"),
            Map.entry(OfReference.class, "it"),
            Map.entry(OfBitSet.class, "it"),
            Map.entry(OfPattern.class, "it"),
            Map.entry(OfClass.class, "it"),
            Map.entry(OfThread.class, "it"),
            Map.entry(OfSupplier.class, "it"),
            Map.entry(OfIterator.class, "it"),
            Map.entry(OfStream.class, "it"),
            Map.entry(OfOpen.class, "it"),
            Map.entry(OfAbstract.class, "it"),
            Map.entry(OfUnnamed.class, "it"),
            Map.entry(OfUntold.class, "it.anything"),
            Map.entry(OfByClass.class, "it"),
            Map.entry(OfClosed.class, "it"),
            Map.entry(OfInner.class, "it"));

    @TestFactory
    Stream<DynamicTest> eachValueComesBack() {
        Bean bean = new Bean();
        bean.text = "a";
        return EQUAL.stream()
                .map(type -> DynamicTest.dynamicTest(
                        type.getSimpleName(),
                        () -> assertThatCode(() -> RoundTripCheck.of(type)
                                        .values(Listing.class, new Listed(1))
                                        .values(Bean.class, new Bean(), bean)
                                        .values(TimeZone.class, TimeZone.getTimeZone("Europe/Berlin"))
                                        .check())
                                .doesNotThrowAnyException()));
    }

    @TestFactory
    Stream<DynamicTest> eachOtherTypeIsRefusedWithItsPathReasonAndCure() {
        return REFUSED.entrySet().stream()
                .map(refused -> DynamicTest.dynamicTest(
                        refused.getKey().getSimpleName(),
                        () -> assertThatExceptionOfType(ConfigurationException.class)
                                .isThrownBy(() ->
                                        RoundTripCheck.of(refused.getKey()).check())
                                .withMessageContaining("ComponentZooTest."
                                        + refused.getKey().getSimpleName() + "." + refused.getValue()
                                        + " must come back as it is saved, but is declared as ")
                                .withMessageContaining("StateFormat.waive(\"ComponentZooTest."
                                        + refused.getKey().getSimpleName() + "." + refused.getValue() + "\")")));
    }

    @Test
    void everyRecordIsInOneOfTheLists() {
        assertThat(Stream.of(ComponentZooTest.class.getDeclaredClasses())
                        .filter(type -> type.getSimpleName().startsWith("Of")))
                .hasSizeGreaterThan(90)
                .allMatch(type -> EQUAL.contains(type) != REFUSED.containsKey(type));
    }
}
