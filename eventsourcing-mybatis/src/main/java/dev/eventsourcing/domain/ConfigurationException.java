package dev.eventsourcing.domain;

/** A name, a type or a setting that cannot be used; thrown at construction, before anything is read or stored. */
public class ConfigurationException extends EventSourcingException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception that has no other behind it. */
    public ConfigurationException(String message) {
        super(message);
    }

    /** Makes an exception that another one caused. */
    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
