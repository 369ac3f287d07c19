package domain;

/** A module that has the library, and no runner. */
public final class Empty {
    private Empty() {}
}
