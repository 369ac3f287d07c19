package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.Setting;
import dev.eventsourcing.persistence.Settings;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** Tables and transactions that the user's code has decided, the same for every application. Nothing is closed. */
final class GivenAccess implements TableAccess {
    private final Function<Tables, Units> unitsOn;
    private final DataSource dataSource;
    private final Tables tables;
    private final Units units;

    GivenAccess(Function<Tables, Units> unitsOn, DataSource dataSource, Tables tables) {
        this.unitsOn = unitsOn;
        this.dataSource = dataSource;
        this.tables = tables;
        this.units = unitsOn.apply(tables);
    }

    @Override
    public Units units() {
        return units;
    }

    @Override
    public Units unitsForMappers() {
        return units;
    }

    @Override
    public boolean hasMapper(Class<?> type) {
        return units.users().getConfiguration().hasMapper(type);
    }

    @Override
    public DataSource dataSource() {
        return dataSource;
    }

    @Override
    public Tables tables() {
        return tables;
    }

    @Override
    public TableAccess on(UnaryOperator<Tables> change) {
        return new GivenAccess(unitsOn, dataSource, change.apply(tables));
    }

    @Override
    public TableAccess on(Setting setting, String value, UnaryOperator<Tables> change) {
        return on(change);
    }

    @Override
    public TableAccess forApplication(String name) {
        return this;
    }

    @Override
    public Optional<Settings> settings() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
