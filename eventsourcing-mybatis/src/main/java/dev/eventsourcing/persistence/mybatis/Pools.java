package dev.eventsourcing.persistence.mybatis;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.ibatis.session.SqlSessionFactory;

/** The pools that settings ask for: one for all that are equal, and one set of transactions for all on the same tables. */
final class Pools {
    private final List<Class<?>> mappers;
    private final Map<ConnectionSettings, Pool> open = new HashMap<>();
    private final Map<Place, Units> units = new ConcurrentHashMap<>();
    private boolean closed;

    Pools(List<Class<?>> mappers) {
        this.mappers = mappers;
    }

    boolean hasMapper(Class<?> type) {
        return mappers.contains(type);
    }

    /**
     * The transactions on tables.
     *
     * @throws ConfigurationException if no driver takes the URL, MyBatis does not take a mapper, or the pools are closed
     */
    synchronized Units units(ConnectionSettings connection, Tables tables, Settings settings) {
        Pool pool = pool(connection, settings);
        return units.computeIfAbsent(new Place(connection, tables), place -> new OwnUnits(pool.factory, place.tables));
    }

    /**
     * A pool.
     *
     * @throws ConfigurationException if no driver takes the URL, or the pools are closed
     */
    synchronized DataSource dataSource(ConnectionSettings connection, Settings settings) {
        return pool(connection, settings).dataSource;
    }

    private Pool pool(ConnectionSettings connection, Settings settings) {
        if (closed) {
            throw new ConfigurationException("The recorders are closed. Make new ones to go on.");
        }
        return open.computeIfAbsent(connection, absent -> {
            HikariDataSource dataSource = absent.pool(settings);
            try {
                return new Pool(dataSource, MyBatisRecorders.factoryOver(dataSource, mappers));
            } catch (Throwable e) {
                // Nobody else knows of it yet.
                dataSource.close();
                throw e;
            }
        });
    }

    /** Whether the thread is in a transaction on other tables than these. */
    boolean anotherIsActive(ConnectionSettings connection, Tables tables) {
        Place own = new Place(connection, tables);
        return units.entrySet().stream()
                .anyMatch(
                        entry -> !entry.getKey().equals(own) && entry.getValue().active());
    }

    synchronized void close() {
        closed = true;
        open.values().forEach(pool -> pool.dataSource.close());
        open.clear();
    }

    /** A pool and what opens sessions on it. */
    private record Pool(HikariDataSource dataSource, SqlSessionFactory factory) {}

    /** Tables in a database. */
    private record Place(ConnectionSettings connection, Tables tables) {}
}
