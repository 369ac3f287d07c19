package dev.eventsourcing.testing;

/** One promise that recorders make, with a test of it. Runs as often as it is asked, each time on a store of its own. */
public final class ContractCase {
    private final String name;
    private final Runnable test;

    ContractCase(String name, Runnable test) {
        this.name = name;
        this.test = test;
    }

    /** Which recorder it is about and what that promises, as a sentence; no two cases of a contract have one name. */
    public String name() {
        return name;
    }

    /**
     * Makes an empty store, does the test, and closes the store.
     *
     * @throws AssertionError if the promise is not kept; the message has the name, what was expected and what came, and what
     *     a recorder throws where it should not is the cause
     */
    public void run() {
        try {
            test.run();
        } catch (Exception | AssertionError e) {
            throw new AssertionError(name + ".\n" + (e instanceof AssertionError ? e.getMessage() : e), e);
        }
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
