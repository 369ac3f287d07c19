package dev.eventsourcing.testsupport;

/** Throws checked exceptions that no signature declares, as Kotlin, generic casts and Lombok do. */
public final class Sneaky {
    private Sneaky() {}

    /**
     * Throws an exception as it is.
     *
     * @return nothing; for {@code throw Sneaky.sneak(e)}
     */
    public static RuntimeException sneak(Throwable thrown) {
        throw Sneaky.<RuntimeException>throwAs(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T throwAs(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
