package dev.eventsourcing.testsupport;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import org.slf4j.MDC;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.spi.MDCAdapter;

/** An MDC that keeps what it is given, which that of the logger in tests does not; for tests that run one at a time. */
public final class MdcInUse implements AutoCloseable {
    private final MDCAdapter former = MDC.getMDCAdapter();
    private final MDCAdapter adapter = new BasicMDCAdapter();

    /** Begins to keep. */
    public MdcInUse() {
        use(adapter);
    }

    /** What this thread has in its MDC. */
    public Map<String, String> now() {
        return Objects.requireNonNullElse(adapter.getCopyOfContextMap(), Map.of());
    }

    @Override
    public void close() {
        use(former);
    }

    /** Only a logger's provider may name one. */
    private static void use(MDCAdapter adapter) {
        try {
            Method setter = MDC.class.getDeclaredMethod("setMDCAdapter", MDCAdapter.class);
            setter.setAccessible(true);
            setter.invoke(null, adapter);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
