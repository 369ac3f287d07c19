package dev.eventsourcing.readme;

import dev.eventsourcing.domain.Topic;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

public record Membership(String dog, int lessonsLeft) {
    /** What can happen to a membership. */
    public sealed interface Event {}

    @Topic("Membership.Begun")
    public record Begun(String dog, int lessons) implements Event {}

    @Topic("Membership.LessonTaken")
    public record LessonTaken() implements Event {}

    public LessonTaken takeLesson() {
        if (lessonsLeft == 0) {
            throw new IllegalStateException(dog + " has no lessons left.");
        }
        return new LessonTaken();
    }

    static Membership after(@Nullable Membership before, Event event) {
        if (event instanceof Begun begun) {
            return new Membership(begun.dog(), begun.lessons());
        }
        Membership now = Objects.requireNonNull(before);
        return new Membership(now.dog(), now.lessonsLeft() - 1);
    }
}
