package dev.eventsourcing.domain.errors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.CannotConnectException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Exceptions of users are read, whatever their methods do. */
class ThrownTest {
    @Test
    void whatStandsForAnUnreadableExceptionHasItsCauses() {
        CannotConnectException cause = new CannotConnectException("no database", null);

        Throwable readable = Thrown.readable(new Broken(cause));

        assertThat(readable).isNotInstanceOf(Broken.class);
        assertThat(readable.getCause()).isSameAs(cause);
        assertThat(Thrown.first(readable, CannotConnectException.class)).contains(cause);
    }

    @Test
    void anExceptionIsReadWhoseEveryMethodThrows() {
        Broken broken = new Broken(null);

        assertThat(Thrown.frames(broken)).isEmpty();
        assertThat(Thrown.trace(broken)).contains(Broken.class.getName());
        assertThat(Thrown.readable(broken)).hasMessageContaining(Broken.class.getName());
    }

    @Test
    void anUnreadableSuppressedExceptionIsFound() {
        IllegalStateException error = new IllegalStateException("readable");
        error.addSuppressed(new Broken(null));

        assertThat(Thrown.readable(error)).isNotSameAs(error);
    }

    @Test
    void aLogThatFailsDoesNotKeepOtherListenersFromBeingCalled() {
        List<String> called = new ArrayList<>();

        Listeners.callAll(
                List.of("a", "b"),
                listener -> {
                    called.add(listener);
                    throw new IllegalStateException(listener);
                },
                failed -> {
                    throw new NoClassDefFoundError("a log's own");
                });

        assertThat(called).containsExactly("a", "b");
    }

    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(Throwable cause) {
            super(cause);
        }

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException("getMessage");
        }

        @Override
        public String toString() {
            throw new UnsupportedOperationException("toString");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new UnsupportedOperationException("getStackTrace");
        }
    }
}
