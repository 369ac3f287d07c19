package dev.eventsourcing.system;

/**
 * Makes the runner of a program, for the Maven goals and other tools that do not know the program. Found with {@link
 * java.util.ServiceLoader}, where no runner is named.
 */
public interface RunnerFactory {
    /** Makes a runner, which need not be started; who calls this closes it. */
    Runner createRunner();
}
