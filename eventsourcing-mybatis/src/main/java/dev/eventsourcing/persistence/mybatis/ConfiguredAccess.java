package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.Setting;
import dev.eventsourcing.persistence.Settings;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Tables and transactions by settings. Settings are read here; a pool is made when the first asks for it. */
final class ConfiguredAccess implements TableAccess {
    private final Pools pools;
    private final Settings settings;
    private final UnaryOperator<Tables> change;
    private final ConnectionSettings connection;
    private final Tables tables;
    private volatile @Nullable Units units;

    ConfiguredAccess(Pools pools, Settings settings) {
        this(pools, settings, UnaryOperator.identity());
    }

    private ConfiguredAccess(Pools pools, Settings settings, UnaryOperator<Tables> change) {
        this.pools = pools;
        this.settings = settings;
        this.change = change;
        this.connection = ConnectionSettings.of(settings);
        this.tables = change.apply(ConnectionSettings.tables(settings));
    }

    @Override
    public Units units() {
        Units known = units;
        if (known == null) {
            known = pools.units(connection, tables, settings);
            units = known;
        }
        return known;
    }

    /**
     * @throws ConfigurationException if the mapper was taken from recorders of no application, and the thread's transaction is in
     *     the database of one: the mapper's work would be no part of it
     */
    @Override
    public Units unitsForMappers() {
        if (settings.application().isEmpty() && pools.anotherIsActive(connection, tables)) {
            throw new ConfigurationException(
                    "The mapper was taken from recorders.mapper(..), and settings give the application"
                            + " whose transaction this is a database of its own. Take it from"
                            + " recorders.forApplication(name()).mapper(..).");
        }
        return units();
    }

    @Override
    public boolean hasMapper(Class<?> type) {
        return pools.hasMapper(type);
    }

    @Override
    public DataSource dataSource() {
        return pools.dataSource(connection, settings);
    }

    @Override
    public Tables tables() {
        return tables;
    }

    @Override
    public TableAccess on(UnaryOperator<Tables> other) {
        return new ConfiguredAccess(pools, settings, before -> other.apply(change.apply(before)));
    }

    @Override
    public TableAccess on(Setting setting, String value, UnaryOperator<Tables> other) {
        return new ConfiguredAccess(pools, settings.fixed(setting, value), change);
    }

    @Override
    public TableAccess forApplication(String name) {
        return new ConfiguredAccess(pools, settings.forApplication(name), change);
    }

    @Override
    public Optional<Settings> settings() {
        return Optional.of(settings);
    }

    /** Its transactions are its own, and nothing is done in the background. */
    @Override
    public TableAccess withTaskDecorator(UnaryOperator<Runnable> decorator) {
        return this;
    }

    @Override
    public long droppedSnapshots() {
        return 0;
    }

    @Override
    public void close() {
        pools.close();
    }
}
