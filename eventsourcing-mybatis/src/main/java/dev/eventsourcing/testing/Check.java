package dev.eventsourcing.testing;

import java.util.List;
import java.util.Objects;

/** Comparisons whose failure says what was looked at, what was expected and what came. */
final class Check {
    /** More elements than that of a list are counted rather than shown. */
    private static final int SHOWN = 20;

    private Check() {}

    static void isTrue(String expectation, boolean kept) {
        if (!kept) {
            throw new AssertionError("Expected that " + expectation + ".");
        }
    }

    static void equal(String what, Object expected, Object actual) {
        if (Objects.equals(expected, actual)) {
            return;
        }
        String difference = expected instanceof List<?> wanted && actual instanceof List<?> given
                ? firstDifference(wanted, given)
                : alike(expected, actual);
        throw new AssertionError(
                what + ":\n  expected " + shown(expected) + "\n  but was  " + shown(actual) + difference);
    }

    static void empty(String what, List<?> actual) {
        equal(what, List.of(), actual);
    }

    static void size(String what, int expected, List<?> actual) {
        if (actual.size() != expected) {
            throw new AssertionError(
                    what + ":\n  expected " + expected + "\n  but was  " + actual.size() + ": " + shown(actual));
        }
    }

    /** Checks that each number is above the one before. */
    static void ascending(String what, List<Long> actual) {
        for (int i = 1; i < actual.size(); i++) {
            if (actual.get(i) <= actual.get(i - 1)) {
                throw new AssertionError(what + ":\n  expected that each is above the one before\n  but "
                        + actual.get(i) + " follows " + actual.get(i - 1) + " in " + shown(actual));
            }
        }
    }

    static void above(String what, long lower, long actual) {
        isTrue(what + " is above " + lower + ", and it is " + actual, actual > lower);
    }

    /** Checks that the work throws an exception of a type, which it returns. */
    static <X extends Throwable> X refuses(String what, Class<X> type, Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            if (type.isInstance(e)) {
                return type.cast(e);
            }
            throw new AssertionError(
                    what + ":\n  expected " + type.getSimpleName() + "\n  but was  " + e + "\n  which is its cause", e);
        }
        throw new AssertionError(what + ":\n  expected " + type.getSimpleName() + "\n  but nothing was thrown");
    }

    /** Checks that a message names facts. */
    static void names(Throwable e, String... facts) {
        String message = String.valueOf(e.getMessage());
        for (String fact : facts) {
            isTrue(
                    "the message of " + e.getClass().getSimpleName() + " names '" + fact + "', and it is: " + message,
                    message.contains(fact));
        }
    }

    private static String firstDifference(List<?> expected, List<?> actual) {
        int common = Math.min(expected.size(), actual.size());
        for (int i = 0; i < common; i++) {
            if (!Objects.equals(expected.get(i), actual.get(i))) {
                return "\n  first at index " + i + ": expected " + expected.get(i) + " but was " + actual.get(i)
                        + alike(expected.get(i), actual.get(i));
            }
        }
        return "\n  first at index " + common + ", where one of them ends: expected " + expected.size()
                + " elements but was " + actual.size();
    }

    private static String alike(Object expected, Object actual) {
        return String.valueOf(expected).equals(String.valueOf(actual))
                ? "\n  They look alike, as bytes are counted and not shown; their bytes differ."
                : "";
    }

    private static String shown(Object value) {
        return value instanceof List<?> list && list.size() > SHOWN
                ? list.subList(0, SHOWN) + " and " + (list.size() - SHOWN) + " more"
                : String.valueOf(value);
    }
}
