package dev.eventsourcing.persistence;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Events in a file of their own, in the order in which they came, which can be taken off again at the end. In memory are some twenty
 * bytes for each. The file is only this user's to read, and gone when this is closed. Used by one thread.
 */
final class EventSpool implements AutoCloseable {
    private static final int FIRST_CAPACITY = 1 << 10;

    private final Path path;
    /** Other than a channel, not closed by an interrupt of the thread. */
    private final RandomAccessFile file;

    private int size;
    private long[] ends = new long[FIRST_CAPACITY];
    private int[] hashes = new int[FIRST_CAPACITY];
    /** For each event the one before it in its bucket, counted from 1; 0 for none. */
    private int[] previous = new int[FIRST_CAPACITY];
    /** For each bucket of originators its last event, counted from 1; 0 for none. */
    private int[] buckets = new int[FIRST_CAPACITY];

    EventSpool() {
        try {
            path = Files.createTempFile(
                    "eventsourcing-dry-run-" + ProcessHandle.current().pid() + "-", ".events");
            file = new RandomAccessFile(path.toFile(), "rw");
        } catch (IOException e) {
            throw failed("No file can be made", e);
        }
        takeAwayTheName();
    }

    /** So that the file is gone with this process, however that ends; where open files keep their names, at the end. */
    private void takeAwayTheName() {
        try {
            Files.delete(path);
        } catch (IOException e) {
            path.toFile().deleteOnExit();
        }
    }

    int size() {
        return size;
    }

    void add(StoredEvent event) {
        if (size == ends.length) {
            grow();
        }
        long start = end(size);
        byte[] bytes = bytes(event);
        ends[size] = start + bytes.length;
        try {
            file.seek(start);
            file.write(bytes);
        } catch (IOException e) {
            throw failed("An event cannot be written", e);
        }
        hashes[size] = hash(event.originatorId());
        link(size);
        size++;
    }

    /** The event of a place, from 0. */
    StoredEvent get(int place) {
        long start = end(place);
        byte[] bytes = new byte[(int) (ends[place] - start)];
        try {
            file.seek(start);
            file.readFully(bytes);
        } catch (IOException e) {
            throw failed("An event cannot be read", e);
        }
        return event(ByteBuffer.wrap(bytes));
    }

    /** The events of an originator above a version and up to one, in order; those of one originator come in order of versions. */
    List<StoredEvent> of(UUID originatorId, long after, long upTo) {
        Deque<StoredEvent> found = new ArrayDeque<>();
        int hash = hash(originatorId);
        for (int place = buckets[bucket(hash)]; place > 0; place = previous[place - 1]) {
            if (hashes[place - 1] == hash) {
                StoredEvent event = get(place - 1);
                if (event.originatorId().equals(originatorId)) {
                    if (event.originatorVersion() <= after) {
                        break;
                    }
                    if (event.originatorVersion() <= upTo) {
                        found.addFirst(event);
                    }
                }
            }
        }
        return List.copyOf(found);
    }

    /** The version of an originator's last event; none if there is none. */
    OptionalLong lastVersion(UUID originatorId) {
        int hash = hash(originatorId);
        for (int place = buckets[bucket(hash)]; place > 0; place = previous[place - 1]) {
            if (hashes[place - 1] == hash) {
                StoredEvent event = get(place - 1);
                if (event.originatorId().equals(originatorId)) {
                    return OptionalLong.of(event.originatorVersion());
                }
            }
        }
        return OptionalLong.empty();
    }

    /** Takes off all events from a place on. */
    void cutTo(int length) {
        while (size > length) {
            size--;
            buckets[bucket(hashes[size])] = previous[size];
        }
    }

    @Override
    public void close() {
        try {
            file.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw failed("The file cannot be closed", e);
        }
    }

    private long end(int place) {
        return place == 0 ? 0 : ends[place - 1];
    }

    /** Other than {@link UUID#hashCode}, not the same for all ids whose halves are alike. */
    private static int hash(UUID originatorId) {
        long mixed =
                originatorId.getMostSignificantBits() * 0x9E3779B97F4A7C15L + originatorId.getLeastSignificantBits();
        return Long.hashCode(mixed * 0xC2B2AE3D27D4EB4FL);
    }

    private int bucket(int hash) {
        return (hash ^ (hash >>> 16)) & (buckets.length - 1);
    }

    private void link(int place) {
        int bucket = bucket(hashes[place]);
        previous[place] = buckets[bucket];
        buckets[bucket] = place + 1;
    }

    private void grow() {
        int capacity = 2 * ends.length;
        ends = Arrays.copyOf(ends, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
        previous = new int[capacity];
        buckets = new int[capacity];
        for (int place = 0; place < size; place++) {
            link(place);
        }
    }

    private static byte[] bytes(StoredEvent event) {
        byte[] topic = event.topic().getBytes(StandardCharsets.UTF_8);
        byte[] state = event.state();
        return ByteBuffer.allocate(3 * Long.BYTES + Integer.BYTES + topic.length + state.length)
                .putLong(event.originatorId().getMostSignificantBits())
                .putLong(event.originatorId().getLeastSignificantBits())
                .putLong(event.originatorVersion())
                .putInt(topic.length)
                .put(topic)
                .put(state)
                .array();
    }

    private static StoredEvent event(ByteBuffer bytes) {
        UUID originatorId = new UUID(bytes.getLong(), bytes.getLong());
        long version = bytes.getLong();
        byte[] topic = new byte[bytes.getInt()];
        bytes.get(topic);
        byte[] state = new byte[bytes.remaining()];
        bytes.get(state);
        return new StoredEvent(originatorId, version, new String(topic, StandardCharsets.UTF_8), state);
    }

    private static PersistenceException failed(String what, IOException e) {
        return new PersistenceException(
                what
                        + ", in the folder for temporary files (java.io.tmpdir), that a dry run needs for what it would record: "
                        + e.getMessage(),
                e);
    }
}
