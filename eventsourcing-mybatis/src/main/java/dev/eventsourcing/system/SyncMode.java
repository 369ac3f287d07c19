package dev.eventsourcing.system;

/** What a synchronisation does with the events that followers have not processed. */
public enum SyncMode {
    /** Has them processed. */
    PROCESS,
    /**
     * Has policies run, with the user's mappers, in a transaction for each database that is rolled back, and shows what would change.
     * Nothing is written into the library's tables; effects of policies outside of the database are not undone.
     */
    DRY_RUN,
    /** Counts them, and runs no policy. What followers would record for those behind them is not known then. */
    PLAN
}
