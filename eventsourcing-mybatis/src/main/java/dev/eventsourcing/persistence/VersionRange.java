package dev.eventsourcing.persistence;

/**
 * Which events of an aggregate to read, and in which order.
 *
 * @param after versions above this one; -1 for all, as 0 is a version
 * @param upTo versions up to and with this one
 * @param descending whether the highest version comes first
 * @param limit how many events at most; 0 gives none
 */
public record VersionRange(long after, long upTo, boolean descending, int limit) {
    private static final VersionRange ALL = new VersionRange(-1, Long.MAX_VALUE, false, Integer.MAX_VALUE);

    /** Checks the limit. */
    public VersionRange {
        if (limit < 0) {
            throw new PersistenceException("Limit " + limit + " is below 0. Leave it out to read all events.", null);
        }
    }

    /** Every event, lowest version first. */
    public static VersionRange all() {
        return ALL;
    }

    /** Events above a version, lowest first. */
    public static VersionRange after(long version) {
        return new VersionRange(version, ALL.upTo, false, ALL.limit);
    }

    /** The same up to and with a version. */
    public VersionRange upTo(long version) {
        return new VersionRange(after, version, descending, limit);
    }

    /** The same, highest version first. */
    public VersionRange highestFirst() {
        return new VersionRange(after, upTo, true, limit);
    }

    /** The same, at most so many events. */
    public VersionRange limit(int events) {
        return new VersionRange(after, upTo, descending, events);
    }
}
