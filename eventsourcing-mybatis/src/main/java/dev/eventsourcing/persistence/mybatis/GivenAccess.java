package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.Setting;
import dev.eventsourcing.persistence.Settings;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** Tables and transactions that the user's code has decided, the same for every application. Nothing of the user's is closed. */
final class GivenAccess implements TableAccess {
    private final BiFunction<Tables, BackgroundWork, Units> unitsOn;
    private final DataSource dataSource;
    private final Tables tables;
    private final BackgroundWork background;
    private final Units units;

    GivenAccess(
            BiFunction<Tables, BackgroundWork, Units> unitsOn,
            DataSource dataSource,
            Tables tables,
            BackgroundWork background) {
        this.unitsOn = unitsOn;
        this.dataSource = dataSource;
        this.tables = tables;
        this.background = background;
        this.units = unitsOn.apply(tables, background);
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
        return new GivenAccess(unitsOn, dataSource, change.apply(tables), background);
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
    public TableAccess withTaskDecorator(UnaryOperator<Runnable> decorator) {
        return new GivenAccess(unitsOn, dataSource, tables, background.in(decorator));
    }

    @Override
    public long droppedSnapshots() {
        return background.dropped();
    }

    @Override
    public void close() {
        background.close();
    }
}
