package dev.eventsourcing.system;

import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Holds a thread in the middle of a batch, and notices how the batch ends. It is closed once, for the first thread that comes.
 * Safe for use by several threads.
 */
final class Gate {
    private boolean closed;
    private @Nullable Thread held;
    private final CompletableFuture<String> reached = new CompletableFuture<>();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    /** Waits until a thread is held; or, if the gate is opened before, for that. */
    String hold() {
        synchronized (this) {
            closed = true;
        }
        return reached.join();
    }

    /** Lets the thread that is held go on, and all that come. */
    synchronized void open() {
        closed = false;
        reached.complete("nobody");
        opened.complete(null);
    }

    /** Called by a policy. */
    void pass() {
        synchronized (this) {
            if (!closed || held != null) {
                return;
            }
            held = Thread.currentThread();
        }
        reached.complete("held");
        opened.join();
    }

    /** How the move of the position ended at the end of the batch that was held: "recorded", or the error. */
    String ended() {
        return ended.join();
    }

    /** Recorders that tell this gate how moves of positions end. */
    RecorderFactory watching(RecorderFactory recorders) {
        return proxy(
                RecorderFactory.class,
                recorders,
                (method, made) -> made instanceof RecorderFactory same
                        ? watching(same)
                        : made instanceof ProcessRecorder recorder
                                ? proxy(ProcessRecorder.class, recorder, (called, answer) -> {
                                    if (called.getName().startsWith("insert")) {
                                        end("recorded");
                                    }
                                    return answer;
                                })
                                : made);
    }

    private void end(String how) {
        synchronized (this) {
            if (Thread.currentThread() != held) {
                return;
            }
        }
        ended.complete(how);
    }

    private <T> T proxy(Class<T> type, T behind, Answered answered) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return answered.by(method, method.invoke(behind, arguments));
                    } catch (InvocationTargetException e) {
                        if (method.getName().startsWith("insert")) {
                            end(e.getCause().toString());
                        }
                        throw e.getCause();
                    }
                }));
    }

    @FunctionalInterface
    private interface Answered {
        @Nullable Object by(Method method, @Nullable Object answer);
    }
}
