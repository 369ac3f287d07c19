package dev.eventsourcing.tool;

import dev.eventsourcing.domain.ConfigurationException;
import org.jspecify.annotations.Nullable;

/** A class of the program is not there, or not whole; perhaps for a moment, as another build compiles it. */
final class MissingClassException extends ConfigurationException {
    private static final long serialVersionUID = 1L;

    MissingClassException(String message, @Nullable Throwable cause) {
        super(message);
        if (cause != null) {
            initCause(cause);
        }
    }
}
