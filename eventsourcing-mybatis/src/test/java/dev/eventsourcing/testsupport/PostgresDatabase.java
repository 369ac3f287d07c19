package dev.eventsourcing.testsupport;

import dev.eventsourcing.persistence.mybatis.EventStoreSchema;
import dev.eventsourcing.persistence.mybatis.OrderingStrategy;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database on a real PostgreSQL server: the one that {@code ES_TEST_PG_URL} names, else one that this JVM starts and
 * stops. Tables are made once, in a template that every migrated database is a copy of.
 */
public final class PostgresDatabase extends TestDatabase {
    /** Migrated databases that no test uses now: making one takes many times as long as emptying one. */
    private static final Map<OrderingStrategy, Queue<String>> FREE = new ConcurrentHashMap<>();

    /** How the tables of a new database are made; asked once, as it is the same for each. */
    private static final Map<OrderingStrategy, List<String>> SHAPES = new ConcurrentHashMap<>();

    private final @Nullable OrderingStrategy strategy;

    private PostgresDatabase(String url, @Nullable OrderingStrategy strategy) {
        super(url);
        this.strategy = strategy;
    }

    /** A database without tables. */
    public static PostgresDatabase empty() {
        return new PostgresDatabase(emptyDatabase(), null);
    }

    /** A database without tables whose texts are in another encoding, as LATIN1. */
    public static PostgresDatabase encoded(String encoding) {
        return new PostgresDatabase(create("template0 ENCODING '" + encoding + "' LC_COLLATE 'C' LC_CTYPE 'C'"), null);
    }

    /** A database with the tables of the library. */
    public static PostgresDatabase migrated() {
        return migrated(OrderingStrategy.READERS_BARRIER);
    }

    /** A database with the tables of the library, and a log that is ordered by a strategy. */
    public static PostgresDatabase migrated(OrderingStrategy strategy) {
        String free = free(strategy).poll();
        if (free != null) {
            return new PostgresDatabase(free, strategy);
        }
        String url = freshDatabase();
        EventStoreSchema.over(dataSource(url)).ordering(strategy).migrate();
        PostgresDatabase database = new PostgresDatabase(url, strategy);
        SHAPES.computeIfAbsent(strategy, absent -> database.shape());
        return database;
    }

    private static Queue<String> free(OrderingStrategy strategy) {
        return FREE.computeIfAbsent(strategy, of -> new ConcurrentLinkedQueue<>());
    }

    /** The JDBC URL, user included, of a new database with the tables of the library; for scripts of integration tests. */
    public static String freshDatabase() {
        return create(Template.NAME);
    }

    /** The JDBC URL, user included, of a new database without tables; for scripts of integration tests. */
    public static String emptyDatabase() {
        return create("template1");
    }

    /** A plain data source; for scripts, whose class loaders the driver manager does not look into. */
    public static DataSource dataSource(String url) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        return dataSource;
    }

    private static String create(String template) {
        String name = "es_" + UUID.randomUUID().toString().replace("-", "");
        PostgresServer.get().execute("CREATE DATABASE " + name + " TEMPLATE " + template);
        return PostgresServer.get().url(name);
    }

    @Override
    public boolean somebodyWaits() {
        return !column(
                        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                .isEmpty();
    }

    @Override
    public String urlWithLockTimeout(int milliseconds) {
        return url() + "&options=-c%20lock_timeout=" + milliseconds;
    }

    @Override
    public void close() {
        boolean emptied = strategy != null && emptied(strategy);
        super.close();
        if (emptied) {
            free(strategy).add(url());
        } else {
            PostgresServer.get().drop(url());
        }
    }

    /** Makes the database as it was when it was new; false if something keeps it from that. */
    private boolean emptied(OrderingStrategy strategy) {
        try {
            for (String table : column("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
                    + " AND tablename NOT IN ('stored_events', 'snapshots', 'notification_tracking',"
                    + " 'notification_counter', 'event_ordering', 'follower_leases', 'parked_events',"
                    + " 'eventsourcing_schema_history')")) {
                execute("SET lock_timeout = '1s'; DROP TABLE " + table);
            }
            execute("SET lock_timeout = '1s';"
                    + " TRUNCATE stored_events, snapshots, notification_tracking, follower_leases, parked_events"
                    + " RESTART IDENTITY; UPDATE notification_counter SET last_id = 0");
            return column("SELECT count(*) FROM event_ordering WHERE strategy = '" + strategy.settingName() + "'"
                                    + " AND NOT EXISTS (SELECT FROM pg_namespace WHERE nspname !~ '^pg_'"
                                    + " AND nspname NOT IN ('public', 'information_schema'))"
                                    // Statistics of a test would decide on the plans of the next.
                                    + " AND NOT EXISTS (SELECT FROM pg_stats WHERE schemaname = 'public')")
                            .equals(List.of("1"))
                    && shape().equals(SHAPES.get(strategy));
        } catch (IllegalStateException stillInUse) {
            return false;
        }
    }

    /** How the tables are made, as far as a test may change it. */
    private List<String> shape() {
        return column("""
            SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL
            SELECT concat_ws(' ', c.relname, c.relkind, c.relpersistence, a.attname, a.atttypid, a.attidentity, s.seqcache,
                             s.seqincrement, s.seqmin, s.seqcycle, c.relhassubclass, c.relhastriggers,
                             (SELECT count(*) FROM pg_inherits i WHERE i.inhrelid = c.oid))
            FROM pg_class c
                 JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
                 LEFT JOIN pg_depend d ON d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype = 'i'
                 LEFT JOIN pg_sequence s ON s.seqrelid = d.objid
            WHERE c.relnamespace = 'public'::regnamespace
            ORDER BY 1
            """);
    }

    /** Made when it is first asked for. */
    private static final class Template {
        static final String NAME = make();

        private static String make() {
            String url = create("template1");
            EventStoreSchema.over(dataSource(url)).migrate();
            return PostgresServer.nameIn(url);
        }
    }
}
