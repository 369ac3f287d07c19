package dev.eventsourcing.testsupport;

import dev.eventsourcing.persistence.mybatis.EventStoreSchema;
import java.nio.file.Path;
import java.util.UUID;

/** H2, in memory or in a file. */
public final class H2Database extends TestDatabase {
    private H2Database(String url) {
        super(url);
    }

    /** A database without tables. */
    public static H2Database empty() {
        return new H2Database("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000");
    }

    /** A database without tables, in a file that several processes share. */
    public static H2Database shared(Path folder) {
        return new H2Database("jdbc:h2:" + folder.resolve("events") + ";AUTO_SERVER=TRUE;LOCK_TIMEOUT=10000");
    }

    /** A database with the tables of the library. */
    public static H2Database migrated() {
        H2Database database = empty();
        EventStoreSchema.over(database.dataSource()).migrate();
        return database;
    }

    @Override
    public boolean somebodyWaits() {
        // A session that wants to insert what another has inserted, and not committed, is blocked by nobody: it tries
        // again.
        return !column("SELECT session_id FROM information_schema.sessions WHERE blocker_id IS NOT NULL"
                        + " OR session_id <> session_id()"
                        + " AND executing_statement_start < DATEADD(MILLISECOND, -200, CURRENT_TIMESTAMP)")
                .isEmpty();
    }

    @Override
    public String urlWithLockTimeout(int milliseconds) {
        return url().replace("LOCK_TIMEOUT=10000", "LOCK_TIMEOUT=" + milliseconds);
    }

    @Override
    public void close() {
        execute("SET DB_CLOSE_DELAY 0");
        super.close();
    }
}
