package dev.eventsourcing.tool;

import java.lang.reflect.Proxy;

/**
 * Signals to this process. The JDK has no other way to hear of one before the JVM shuts down, and this one in a module that a JVM
 * may be made without; so it is found by name.
 */
final class Signals {
    private Signals() {}

    /** Calls back when a signal comes, instead of what the JVM would do; leaves that where the signal cannot be caught. */
    static void catching(String name, Runnable callback) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object calls = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            callback.run();
                            return null;
                        }
                        return method.getName().equals("equals")
                                ? (Object) (proxy == arguments[0])
                                : method.getName().equals("hashCode") ? (Object) System.identityHashCode(proxy) : name;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), calls);
        } catch (ReflectiveOperationException e) {
            // The system has no such signal, or java runs with -Xrs: then it ends the process as it ends any.
            return;
        }
    }
}
