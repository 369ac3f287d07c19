package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the server says of a moment: which transactions may have taken ids and are open, and whether that can be relied upon.
 *
 * @param generation what the connection leads to: run of the server, database and table
 * @param version the server's words about itself
 * @param standby whether it replays what another server does, and so has none of its locks
 * @param kind of relation, as {@code pg_class.relkind}: r for a table
 * @param persistence as {@code pg_class.relpersistence}: p for a table that is logged
 * @param related whether the table is or has a partition or child
 * @param subscribed whether rows come from another server
 * @param identity how ids are made, as {@code pg_attribute.attidentity}: a for always
 * @param cache how many ids a session takes at a time; 0 if no sequence makes them
 * @param increment what lies between ids; 0 if no sequence makes them
 * @param cycle whether ids start again after the last
 * @param strategy the recorded ordering strategy; null if none is
 * @param own the virtual transaction of the look
 * @param holders virtual transactions that hold the lock which an INSERT takes before it takes ids
 * @param prepared whether one of them is prepared: after a restart it has another name
 */
record Look(
        String generation,
        String version,
        boolean standby,
        String kind,
        String persistence,
        boolean related,
        boolean subscribed,
        String identity,
        long cache,
        long increment,
        boolean cycle,
        @Nullable String strategy,
        String own,
        Set<String> holders,
        boolean prepared) {
    private static final String ELSE = " Set this right, or choose another ordering strategy (counter-row).";

    /** The holders but for the transaction that looks. */
    Set<String> others() {
        Set<String> others = new HashSet<>(holders);
        others.remove(own);
        return others;
    }

    /**
     * Checks what the barrier stands on: that an INSERT takes ROW EXCLUSIVE on the table which is looked at before it takes an
     * id; that ids are taken in ascending order, one at a time; and that the locks of all writers are to be seen here.
     *
     * @throws ConfigurationException if events could be missed here
     */
    void requireSound() {
        require(
                version.startsWith("PostgreSQL ") && !version.contains("-YB-") && !version.contains("Greenplum"),
                "this server's locks are not PostgreSQL's (" + version + ")");
        require(
                !standby,
                "this server is a standby, which does not show the locks of its primary: read from the primary");
        require(
                kind.equals("r") && !related,
                "stored_events is partitioned, or has children or a parent: rows then come in past its lock");
        require(
                persistence.equals("p"),
                "stored_events is a temporary or unlogged table (pg_class.relpersistence is " + persistence + ")");
        require(!subscribed, "stored_events is filled by a subscription, in another order than that of its ids");
        require(
                OrderingStrategy.READERS_BARRIER.settingName().equals(strategy),
                "the schema's strategy is now " + strategy + ": start this program again");
        require(
                identity.equals("a"),
                "stored_events.id is not GENERATED ALWAYS AS IDENTITY, so ids may come from elsewhere (pg_attribute.attidentity"
                        + " is '" + identity + "')");
        require(
                cache == 1,
                "the sequence of stored_events.id has CACHE " + cache
                        + ", with which sessions hand out old ids late. Run: ALTER TABLE stored_events ALTER COLUMN id SET CACHE 1"
                        + " and connect anew");
        require(
                increment > 0 && !cycle,
                "the sequence of stored_events.id does not ascend (INCREMENT " + increment + (cycle ? ", CYCLE" : "")
                        + ")");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ConfigurationException(
                    "The log cannot be read with the ordering strategy readers-barrier, as events could be missed: "
                            + otherwise + "." + ELSE);
        }
    }
}
