package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.Arrays;
import java.util.Locale;

/**
 * How it is made sure that readers of a log miss nothing. Ids are taken before a transaction commits, so transactions may
 * commit in another order than that of their ids; either writers wait for each other, or readers do.
 *
 * <p>One strategy holds for a schema, for all its applications and programs. It is recorded there by the migration, and
 * recorders take it from there.
 */
public enum OrderingStrategy {
    /**
     * Writers wait for nobody. Readers are given ids up to where no open transaction can add one below, which they learn from
     * the server's locks. The default on PostgreSQL, and not for engines that only speak its protocol, standbys, logical
     * subscribers and partitioned tables: there it is refused. While an append stays open, readers of every application in the
     * schema wait behind it.
     */
    READERS_BARRIER,

    /**
     * Ids come from a row that each writer updates and so holds until its transaction ends. Portable; on H2 the only one. While
     * an append stays open, all writers of the schema wait. On PostgreSQL, appending in a transaction at REPEATABLE READ or
     * SERIALIZABLE fails with a serialization error (SQLSTATE 40001) if another has appended since that transaction began; it
     * is then to be tried again from its start.
     */
    COUNTER_ROW,

    /**
     * Writers lock the table against each other, not against readers, until their transaction ends. On PostgreSQL, to share the
     * table with writers that rely on that lock. While an append stays open, all writers of the schema wait, and vacuum does.
     */
    TABLE_LOCK;

    /** How settings and the database name it: in small letters, with hyphens. */
    public String settingName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The strategy that a setting names.
     *
     * @throws ConfigurationException if there is none of that name
     */
    public static OrderingStrategy named(String settingName) {
        return Arrays.stream(values())
                .filter(strategy -> strategy.settingName().equals(settingName))
                .findAny()
                .orElseThrow(() -> new ConfigurationException(
                        "Ordering strategy '" + settingName + "' is unknown. Known strategies: "
                                + Arrays.stream(values())
                                        .map(OrderingStrategy::settingName)
                                        .toList() + "."));
    }
}
