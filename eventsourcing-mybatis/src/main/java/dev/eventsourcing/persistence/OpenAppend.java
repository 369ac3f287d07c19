package dev.eventsourcing.persistence;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A transaction that keeps readers of a log waiting, as it has appended, or may have, and is open.
 *
 * @param pid the process on the database server that works on it; empty for a prepared transaction, which none works on
 * @param age how long it has been open; empty if this user may not know
 * @param what who it is, for people: the client's name and what it does, or the prepared transaction's name
 */
public record OpenAppend(OptionalInt pid, Optional<Duration> age, String what) {
    /** For people: pid, age and who it is. */
    @Override
    public String toString() {
        return (pid.isPresent() ? "pid " + pid.getAsInt() : "prepared transaction")
                + age.map(open -> ", open for " + open.toSeconds() + " s").orElse("")
                + (what.isEmpty() ? "" : ", " + what);
    }
}
