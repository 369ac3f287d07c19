package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.Setting;
import dev.eventsourcing.persistence.Settings;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** Where recorders have their tables, and which transactions lead there. Safe for use by several threads. */
interface TableAccess {
    /** The transactions. */
    Units units();

    /** The transactions for a mapper of the user's: it must not pass by the one in hand. */
    Units unitsForMappers();

    /** Whether the user has named a mapper. */
    boolean hasMapper(Class<?> type);

    /** The database. */
    DataSource dataSource();

    /** The tables in it. */
    Tables tables();

    /** The same with other tables. */
    TableAccess on(UnaryOperator<Tables> change);

    /** The same with other tables, which a setting could have named. */
    TableAccess on(Setting setting, String value, UnaryOperator<Tables> change);

    /** The same as it is for an application. */
    TableAccess forApplication(String name);

    /** The settings that it was made from; empty if it was made in code. */
    Optional<Settings> settings();

    /** The same with a context for what is done in the background, where something is. */
    TableAccess withTaskDecorator(UnaryOperator<Runnable> decorator);

    /** How many snapshots were not taken that were due in the background. */
    long droppedSnapshots();

    /** Closes what it has opened. */
    void close();
}
