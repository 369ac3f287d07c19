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
    private final Notification notification;
    private final Thread thread = Thread.currentThread();
    private final long begun = System.nanoTime();

    WorkingPolicy(Follower follower, Notification notification) {
        this.follower = follower;
        this.notification = notification;
    }

    /** Returns which event it works on and where in its code it is, if it has for longer than a limit; empty if not. */
    Optional<String> longerThan(Duration limit) {
        Duration time = Duration.ofNanos(System.nanoTime() - begun);
        return time.compareTo(limit) < 0
                ? Optional.empty()
                : Optional.of("its policy has worked on notification " + notification.id() + " ("
                        + notification.event().topic() + ") for " + time.toSeconds() + " s"
                        + frame().map(frame -> ", and is at " + frame).orElse("")
                        + ". This process keeps the follower's lease. Find out what the policy waits for, or restart"
                        + " this process.");
    }

    /** The innermost frame of the follower's class; without one, of code that is not the JDK's, this library's or a driver's. */
    private Optional<StackTraceElement> frame() {
        List<StackTraceElement> frames = List.of(thread.getStackTrace());
        String own = follower.getClass().getName();
        return frames.stream()
                .filter(frame ->
                        frame.getClassName().equals(own) || frame.getClassName().startsWith(own + "$"))
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
