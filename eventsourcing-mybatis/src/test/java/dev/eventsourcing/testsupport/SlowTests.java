package dev.eventsourcing.testsupport;

import java.time.Duration;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Prints a warning for each test method that took more than a second and is not marked with {@link Slow}. It fails nothing: on a busy
 * machine every test may be slow.
 */
public final class SlowTests implements BeforeTestExecutionCallback, AfterTestExecutionCallback {
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Namespace NAMESPACE = Namespace.create(SlowTests.class);

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        context.getStore(NAMESPACE).put(context.getUniqueId(), System.nanoTime());
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        long begun = context.getStore(NAMESPACE).remove(context.getUniqueId(), Long.class);
        Duration time = Duration.ofNanos(System.nanoTime() - begun);
        if (time.compareTo(LIMIT) > 0 && !context.getTags().contains("slow")) {
            System.out.printf(
                    "[WARNING] %s.%s took %.1f s. Make it faster, or say why it must be slow: @Slow(\"..\")%n",
                    context.getRequiredTestClass().getSimpleName(),
                    context.getRequiredTestMethod().getName(),
                    time.toMillis() / 1000.0);
        }
    }
}
