package dev.eventsourcing.benchmark;

import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** The work, done with the library. */
final class Ours {
    private static final byte[] STATE = new byte[200];

    private final MyBatisRecorders recorders;

    Ours(BenchmarkDatabase database, Ordering ordering) {
        this.recorders = ordering.chosen().apply(MyBatisRecorders.over(database.pool()));
        recorders.schema().migrate();
    }

    MyBatisRecorders recorders() {
        return recorders;
    }

    /** An id that costs nothing to make. */
    static UUID newId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong());
    }

    Program append(String application, int events) {
        ApplicationRecorder recorder = recorders.applicationRecorder(application);
        return () -> () -> {
            UUID id = newId();
            List<StoredEvent> stored = new ArrayList<>(events);
            for (int version = 1; version <= events; version++) {
                stored.add(new StoredEvent(id, version, "Note.Written", STATE));
            }
            recorder.insertEvents(stored);
            return 1;
        };
    }

    Program save(String application) {
        Notebook notebook = new Notebook(application, recorders);
        return () -> () -> {
            notebook.write(newId());
            return 1;
        };
    }

    Program load(String application, int streams) {
        ApplicationRecorder recorder = recorders.applicationRecorder(application);
        return () -> () -> {
            recorder.selectEvents(anyStream(streams), VersionRange.all());
            return 1;
        };
    }

    Program get(String application, int streams) {
        Notebook notebook = new Notebook(application, recorders);
        return () -> () -> {
            notebook.read(anyStream(streams));
            return 1;
        };
    }

    /** Reads a page after the other, and begins again at the end of the log. */
    Program catchUp(String application) {
        ApplicationRecorder recorder = recorders.applicationRecorder(application);
        return () -> new Program.Turn() {
            private long last;

            @Override
            public long run() {
                List<Notification> page = recorder.selectNotifications(NotificationSelection.after(last));
                last = page.size() < NotificationSelection.DEFAULT_LIMIT
                        ? 0
                        : page.get(page.size() - 1).id();
                return Math.max(1, page.size());
            }
        };
    }

    /** Processes what a leader has recorded, until nothing is left. */
    Program follow(String leader, String follower, int batchSize) {
        Copier copier = new Copier(follower, batchSize, recorders);
        copier.follow(new Notebook(leader, recorders));
        return () -> () -> copier.pullAndProcess(leader);
    }

    static UUID anyStream(int streams) {
        return BenchmarkDatabase.stream(1 + ThreadLocalRandom.current().nextInt(streams));
    }
}
