package dev.eventsourcing.testsupport;

import java.lang.reflect.Method;
import java.time.Duration;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Prints a warning for each test that took more than a second and is not marked with {@link Slow}. It fails nothing: on a busy machine
 * every test may be slow.
 */
public final class SlowTests implements InvocationInterceptor {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        timed(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        timed(invocation, context);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext test, ExtensionContext context) throws Throwable {
        timed(invocation, context);
    }

    private static void timed(Invocation<Void> invocation, ExtensionContext context) throws Throwable {
        long begun = System.nanoTime();
        try {
            invocation.proceed();
        } finally {
            Duration time = Duration.ofNanos(System.nanoTime() - begun);
            if (time.compareTo(LIMIT) > 0 && !context.getTags().contains("slow")) {
                System.out.printf(
                        "[WARNING] %s.%s took %.1f s. Make it faster, or say why it must be slow: @Slow(\"..\")%n",
                        testClass(context),
                        context.getTestMethod().map(Method::getName).orElseGet(context::getDisplayName),
                        time.toMillis() / 1000.0);
            }
        }
    }

    /** A dynamic test has no class; the factory that made it has. */
    private static String testClass(ExtensionContext context) {
        return context.getTestClass()
                .or(() -> context.getParent().flatMap(ExtensionContext::getTestClass))
                .map(Class::getSimpleName)
                .orElse("A test");
    }
}
