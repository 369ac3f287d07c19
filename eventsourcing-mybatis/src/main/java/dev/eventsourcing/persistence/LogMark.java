package dev.eventsourcing.persistence;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the event that a log has at an id. A log that was put back to an older state gives the same ids to other events; a
 * follower tells them apart by their marks. Every store makes the same mark of the same event. Equal to another with the same id and
 * hash. Immutable, and safe for use by several threads.
 */
public final class LogMark {
    private static final int HASH_BYTES = 16;
    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,17}):([0-9a-f]{32})");

    private final long id;
    /** Holds the event; null once the hash is computed. */
    private volatile @Nullable Supplier<String> hash;

    private volatile @Nullable String computed;

    private LogMark(long id, Supplier<String> hash) {
        this.id = id;
        this.hash = hash;
    }

    /** A mark that was read. */
    public static LogMark of(long id, String hash) {
        Objects.requireNonNull(hash, "hash");
        return new LogMark(id, () -> hash);
    }

    /**
     * The mark of an event. Its hash is computed when it is asked for, as most are not.
     *
     * @param recordedAt when the event was recorded by the clock of its store; counted in microseconds, what is below is ignored
     */
    public static LogMark of(Notification notification, Instant recordedAt) {
        return new LogMark(notification.id(), () -> hash(notification.event(), recordedAt));
    }

    /**
     * Reads what {@link #toString} gives.
     *
     * @throws PersistenceException if it is something else
     */
    public static LogMark parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new PersistenceException(
                    "'" + text + "' does not identify an event of a log. Expected an id, a colon and 32 hexadecimal"
                            + " digits.",
                    null);
        }
        return of(Long.parseLong(parts.group(1)), parts.group(2));
    }

    /** The id in the log; from 1. */
    public long id() {
        return id;
    }

    /** The first 128 bits of a SHA-256 over originator, version, recorded time, topic and state; 32 hexadecimal digits. */
    public String hash() {
        String known = computed;
        if (known == null) {
            Supplier<String> absent = hash;
            // Another thread has computed it meanwhile.
            known = absent == null ? Objects.requireNonNull(computed) : absent.get();
            computed = known;
            hash = null;
        }
        return known;
    }

    /** The order and the widths of these parts are stored in every position, and so never change. */
    private static String hash(StoredEvent event, Instant recordedAt) {
        byte[] topic = event.topic().getBytes(StandardCharsets.UTF_8);
        ByteBuffer head = ByteBuffer.allocate(4 * Long.BYTES + Integer.BYTES)
                .putLong(event.originatorId().getMostSignificantBits())
                .putLong(event.originatorId().getLeastSignificantBits())
                .putLong(event.originatorVersion())
                .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, recordedAt))
                .putInt(topic.length);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(head.array());
            digest.update(topic);
            return HexFormat.of().formatHex(digest.digest(event.state()), 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every JDK has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogMark that && id == that.id && hash().equals(that.hash());
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, hash());
    }

    /** As in {@code 90:0a1b..}. */
    @Override
    public String toString() {
        return id + ":" + hash();
    }
}
