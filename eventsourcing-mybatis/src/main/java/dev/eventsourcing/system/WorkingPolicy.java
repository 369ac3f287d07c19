package dev.eventsourcing.system;

import dev.eventsourcing.persistence.Notification;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A policy that works on an event, for health checks in other threads. Made by the thread that calls the policy. Immutable. */
final class WorkingPolicy {
    private static final List<String> LIBRARIES =
            List.of("dev.eventsourcing.", "org.apache.ibatis.", "com.zaxxer.hikari.", "org.h2.", "org.postgresql.");

    private final Follower follower;
    private final String leader;
    private final Notification notification;
    private final Thread thread = Thread.currentThread();
    private final long begun = System.nanoTime();

    WorkingPolicy(Follower follower, String leader, Notification notification) {
        this.follower = follower;
        this.leader = leader;
        this.notification = notification;
    }

    /** Returns which event it works on and where in its code it is, if it has for longer than a limit; empty if not. */
    Optional<String> longerThan(Duration limit) {
        Duration time = Duration.ofNanos(System.nanoTime() - begun);
        return time.compareTo(limit) < 0
                ? Optional.empty()
                : Optional.of("Policy of " + follower.name() + " has processed notification " + notification.id()
                        + " of "
                        + leader + " (" + notification.event().topic() + ") for "
                        + (time.toSeconds() == 0 ? time.toMillis() + " ms" : time.toSeconds() + " s")
                        + frame().map(frame -> ", now at " + plain(frame)).orElse("") + ".");
    }

    /** Returns a frame without the names of its class loader and module. */
    private static StackTraceElement plain(StackTraceElement frame) {
        return new StackTraceElement(
                frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber());
    }

    /** Whether a frame is of the follower's class or one of its superclasses, as a container may have made a subclass. */
    private boolean isOfTheFollower(StackTraceElement frame) {
        for (Class<?> type = follower.getClass(); type != null && type != Follower.class; type = type.getSuperclass()) {
            if (frame.getClassName().equals(type.getName())
                    || frame.getClassName().startsWith(type.getName() + "$")) {
                return true;
            }
        }
        return false;
    }

    /** The innermost frame of the follower's code; without one, of code that is not the JDK's, this library's or a driver's. */
    private Optional<StackTraceElement> frame() {
        List<StackTraceElement> frames = List.of(thread.getStackTrace());
        return frames.stream()
                .filter(this::isOfTheFollower)
                .findFirst()
                .or(() -> frames.stream()
                        .filter(frame ->
                                !isOfTheJdk(frame) && LIBRARIES.stream().noneMatch(frame.getClassName()::startsWith))
                        .findFirst());
    }

    private static boolean isOfTheJdk(StackTraceElement frame) {
        String module = frame.getModuleName();
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
    }
}
