package dev.eventsourcing.maven;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** Marks tests that take more than a second and must. The fast lane of the build leaves them out; the whole build runs them. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Tag("slow")
@Target({ElementType.METHOD, ElementType.TYPE})
@interface Slow {
    /** Why the test must be slow. */
    String value();
}
