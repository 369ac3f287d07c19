package dev.eventsourcing.persistence.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.JsonGeneratorDelegate;

/**
 * Refuses to write what could not be read back: numbers that JSON has not, numbers of too many digits, and keys with half of a
 * surrogate pair, in which Jackson writes a question mark. In texts it escapes them.
 */
final class ReadableValues extends JsonGeneratorDelegate {
    /** The most digits of a number. More take long to read, as the time grows with their square. */
    private static final int MOST_DIGITS = 1_000;

    /** The longest text of a number: its digits, a sign, a point with zeros behind it, and an exponent. */
    static final int LONGEST = MOST_DIGITS + 32;

    ReadableValues(JsonGenerator generator) {
        super(generator, true);
    }

    @Override
    public JsonGenerator writeName(String name) {
        requireWholeCharacters(name);
        return super.writeName(name);
    }

    @Override
    public JsonGenerator writeArray(double[] numbers, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            requireFinite(Double.isFinite(numbers[i]), numbers[i]);
        }
        return super.writeArray(numbers, offset, length);
    }

    @Override
    public JsonGenerator writeNumber(double number) {
        requireFinite(Double.isFinite(number), number);
        return super.writeNumber(number);
    }

    @Override
    public JsonGenerator writeNumber(float number) {
        requireFinite(Float.isFinite(number), number);
        return super.writeNumber(number);
    }

    @Override
    public JsonGenerator writeNumber(BigInteger number) {
        requireFewDigits(new BigDecimal(number));
        return super.writeNumber(number);
    }

    @Override
    public JsonGenerator writeNumber(BigDecimal number) {
        requireFewDigits(number);
        return super.writeNumber(number);
    }

    private static void requireWholeCharacters(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (Character.isSurrogate(name.charAt(i))) {
                boolean pair = Character.isHighSurrogate(name.charAt(i))
                        && i + 1 < name.length()
                        && Character.isLowSurrogate(name.charAt(i + 1));
                if (!pair) {
                    throw new IllegalArgumentException("a key has half of a surrogate pair (U+"
                            + Integer.toHexString(name.charAt(i)) + ") at index " + i + ", which UTF-8 cannot express");
                }
                i++;
            }
        }
    }

    private static void requireFinite(boolean finite, Number number) {
        if (!finite) {
            throw new IllegalArgumentException(number + " is not a number that JSON has");
        }
    }

    private static void requireFewDigits(BigDecimal number) {
        if (number.precision() > MOST_DIGITS) {
            throw new IllegalArgumentException("a number of " + number.precision() + " digits has more than the "
                    + MOST_DIGITS + " that are read back");
        }
    }
}
