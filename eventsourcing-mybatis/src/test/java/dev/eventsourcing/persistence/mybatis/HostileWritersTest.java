package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several processes append, with delays, roll back, are killed and stay open; another one follows. It is given everything once
 * and in order; unsound orders, which read the same log, are found out.
 */
@Slow("several processes append and are killed for seconds, so that readers have many chances to miss an event")
class HostileWritersTest {
    private static final Logger LOG = LoggerFactory.getLogger(HostileWritersTest.class);
    private static final long SEED = Long.getLong("hostile.seed", System.nanoTime());
    private static final int SECONDS = Integer.getInteger("hostile.seconds", 8);
    private static final int THREADS = Integer.getInteger("hostile.threads", 3);

    @TempDir
    private static Path folder;

    private static final Map<Log, TestDatabase> databases = new EnumMap<>(Log.class);
    private static HostileRun run;
    private static Verdict snapshotXmaxInQuiet;

    @BeforeAll
    static void letAllDoTheirWorst() {
        run = new HostileRun();
        for (Log log : Log.values()) {
            databases.put(log, log.open(folder));
        }
        run.follow(databases.values(), databases.get(Log.READERS_BARRIER));
        run.commitLate(databases.get(Log.READERS_BARRIER));
        snapshotXmaxInQuiet = verdict(HostileReading.SNAPSHOT_XMAX);
        run.write(Stream.of(Log.values()).collect(Collectors.toMap(databases::get, HostileWritersTest::load)));
    }

    @AfterAll
    static void endProcesses() {
        run.close();
        databases.values().forEach(TestDatabase::close);
        databases.clear();
    }

    @ParameterizedTest
    @EnumSource
    void everyEventIsGivenOnceAndInOrder(Log log) {
        TestDatabase database = databases.get(log);

        List<Long> recorded = Verdict.ids(database);

        LOG.info("{}: {} events, seed {}", log, recorded.size(), SEED);
        assertThat(recorded).as("what is recorded, seed %d", SEED).isNotEmpty().isEqualTo(run.committed(database));
        for (String reader : List.of(HostileReading.TESTED, HostileReading.IN_TRANSACTIONS)) {
            assertThat(Verdict.of(database, reader))
                    .as("%s, seed %d", reader, SEED)
                    .isEqualTo(Verdict.FLAWLESS);
        }
    }

    @Test
    void readersWithoutProtectionMissEvents() {
        Verdict verdict = verdict(HostileReading.UNPROTECTED);

        LOG.info("{} missed without protection", verdict.missed().size());
        assertThat(verdict.missed()).isNotEmpty();
    }

    @Test
    void readersWhoTrustInSnapshotXmaxMissEvents() {
        Verdict verdict = verdict(HostileReading.SNAPSHOT_XMAX);

        LOG.info(
                "{} missed with snapshot xmax, {} of them of late commits while nobody else was at work",
                verdict.missed().size(),
                snapshotXmaxInQuiet.missed().size());
        assertThat(snapshotXmaxInQuiet.missed()).isNotEmpty();
        assertThat(verdict.missed()).containsAll(snapshotXmaxInQuiet.missed());
    }

    private static Verdict verdict(String reader) {
        return Verdict.of(databases.get(Log.READERS_BARRIER), reader);
    }

    private static HostileLoad load(Log log) {
        return new HostileLoad(databases.get(log).url(), log != Log.READERS_BARRIER, SEED, THREADS, SECONDS * 1_000L);
    }

    /** The logs, by what keeps their order. */
    enum Log {
        READERS_BARRIER(folder -> prepared(PostgresDatabase.empty(), OrderingStrategy.READERS_BARRIER)),
        COUNTER_ROW(folder -> prepared(PostgresDatabase.empty(), OrderingStrategy.COUNTER_ROW)),
        TABLE_LOCK(folder -> prepared(PostgresDatabase.empty(), OrderingStrategy.TABLE_LOCK)),
        H2(folder -> prepared(H2Database.shared(folder), OrderingStrategy.COUNTER_ROW));

        private final Function<Path, TestDatabase> opening;

        Log(Function<Path, TestDatabase> opening) {
            this.opening = opening;
        }

        TestDatabase open(Path folder) {
            return opening.apply(folder);
        }

        private static TestDatabase prepared(TestDatabase database, OrderingStrategy strategy) {
            EventStoreSchema.over(database.dataSource()).ordering(strategy).migrate();
            database.execute(HostileMapper.TABLES);
            if (strategy == OrderingStrategy.READERS_BARRIER) {
                database.execute(SnapshotXmaxOrder.COLUMNS);
            }
            return database;
        }
    }
}
