package dev.eventsourcing.domain;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name under which events of a type are stored. Without it the name is the canonical class name less the package,
 * as in {@code Dog.TrickAdded}. State it before the first event of a production system is recorded: a class can then be
 * renamed or moved, and history stays readable.
 *
 * <pre>{@code
 * @Topic(value = "Dog.TrickAdded", former = "Dog.TrickLearned", version = 2)
 * record TrickAdded(String trick) implements Event {}
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Topic {
    /** The topic that new events are stored with; not blank. */
    String value();

    /** Topics that older events of this type were stored with; they are still read. */
    String[] former() default {};

    /**
     * The version of what is stored of the type, at least 1. Raise it by one when older data no longer fit the type, and say
     * with a step how they are made to fit; events and the states of snapshots have versions of their own.
     */
    int version() default 1;
}
