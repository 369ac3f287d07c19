package dev.eventsourcing.testing;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StateFormat;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.system.EventProcessingException;
import dev.eventsourcing.system.Follower;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * A test of a follower's policy: given that it has processed this, when a leader records something, then the follower records
 * that.
 *
 * <pre>{@code
 * PolicyScenario.of(Diplomas::new)
 *         .given("TrainingSchool", fido, new TrickAdded("sit"), new TrickAdded("fetch"))
 *         .when("TrainingSchool", fido, new TrickAdded("roll over"))
 *         .then(new TrickCounted("roll over"), new Awarded());
 * }</pre>
 *
 * <p>The real follower does it, in memory, as a runner would have it do: with transactions, its position and the metadata
 * that names the cause. A leader is stood in for by an application of its name, which knows the types of the events that it
 * is given and what their sealed types permit, or is the real one, see {@link #leader}. A policy that writes with mappers
 * needs a database, and is tested on one. Each {@code when} has a store of its own. Immutable.
 *
 * @param <F> the follower's type
 */
public final class PolicyScenario<F extends Follower> {
    private final Function<? super RecorderFactory, F> follower;
    private final List<Function<? super RecorderFactory, ? extends Application>> leaders;
    private final List<Step> given;

    private PolicyScenario(
            Function<? super RecorderFactory, F> follower,
            List<Function<? super RecorderFactory, ? extends Application>> leaders,
            List<Step> given) {
        this.follower = follower;
        this.leaders = leaders;
        this.given = given;
    }

    /** A scenario of a follower that has processed nothing. */
    public static <F extends Follower> PolicyScenario<F> of(Function<? super RecorderFactory, F> follower) {
        return new PolicyScenario<>(follower, List.of(), List.of());
    }

    /** The same with a real application for a leader, whose event types and format then hold; one alone for each name. */
    public PolicyScenario<F> leader(Function<? super RecorderFactory, ? extends Application> application) {
        return new PolicyScenario<>(follower, with(leaders, application), given);
    }

    /** The same after a leader has recorded these events of an originator, and the follower has processed them. */
    public PolicyScenario<F> given(String leader, UUID originatorId, Object... events) {
        return new PolicyScenario<>(follower, leaders, with(given, new Step(leader, originatorId, List.of(events))));
    }

    /**
     * Has a leader record events of an originator, and the follower process them.
     *
     * @return what came of it: what the follower recorded, and the exception that its policy threw
     * @throws dev.eventsourcing.domain.EventSourcingException if the given events cannot be stored or processed
     */
    public Outcome<F> when(String leader, UUID originatorId, Object... events) {
        Step last = new Step(leader, originatorId, List.of(events));
        Run run = new Run(with(given, last));
        given.forEach(run::take);
        long before = run.logEnd();
        Throwable thrown = null;
        try {
            run.take(last);
        } catch (EventProcessingException e) {
            thrown = Objects.requireNonNullElse(e.getCause(), e);
        }
        return new Outcome<>(
                given.stream().flatMap(step -> step.payloads.stream()).toList(),
                run.recordedAfter(before),
                thrown,
                List.of(),
                () -> Optional.of(run.made),
                run.made.codec());
    }

    private static <T> List<T> with(List<T> list, T one) {
        List<T> longer = new ArrayList<>(list);
        longer.add(one);
        return List.copyOf(longer);
    }

    /** A follower and its leaders. */
    private final class Run {
        private final InMemoryRecorders recorders = new InMemoryRecorders();
        private final F made = follower.apply(recorders);
        private final Map<String, Application> leadersByName = new LinkedHashMap<>();
        private final Map<UUID, Long> versions = new HashMap<>();

        Run(List<Step> steps) {
            for (Function<? super RecorderFactory, ? extends Application> real : leaders) {
                Application leader = real.apply(recorders);
                leadersByName.put(leader.name(), leader);
            }
            for (Step step : steps) {
                if (!leadersByName.containsKey(step.leader)) {
                    leadersByName.put(step.leader, standIn(step.leader, steps));
                }
            }
            leadersByName.values().forEach(made::follow);
        }

        private Application standIn(String name, List<Step> steps) {
            Application leader = new ScenarioApplication(name, recorders, StateFormat.json());
            steps.stream()
                    .filter(step -> step.leader.equals(name))
                    .flatMap(step -> step.payloads.stream())
                    .forEach(payload -> leader.codec().registerWritten(List.of(SealedTypes.above(payload.getClass()))));
            return leader;
        }

        /** Lets a leader record, and the follower process. */
        void take(Step step) {
            Application leader = Objects.requireNonNull(leadersByName.get(step.leader));
            List<DomainEvent<?>> events = new ArrayList<>();
            for (Object payload : step.payloads) {
                long version = versions.merge(step.originatorId, 1L, Long::sum);
                events.add(new DomainEvent<>(step.originatorId, version, Instant.now(), Map.of(), payload));
            }
            ScenarioApplication.readBack(leader, leader.save(events));
            made.pullAndProcess(step.leader);
        }

        long logEnd() {
            return made.notificationLog().maxNotificationId().orElse(0);
        }

        List<DomainEvent<?>> recordedAfter(long id) {
            List<DomainEvent<?>> recorded = new ArrayList<>();
            List<Notification> page = made.notificationLog().select(NotificationSelection.after(id));
            while (!page.isEmpty()) {
                for (Notification notification : page) {
                    DomainEvent<?> event = made.codec().decode(notification);
                    RoundTripCheck.requireSame(made.codec(), event);
                    recorded.add(event);
                }
                long reached = page.get(page.size() - 1).id();
                page = made.notificationLog().select(NotificationSelection.after(reached));
            }
            return recorded;
        }
    }

    /**
     * What a leader records at once.
     *
     * @param leader its name
     * @param originatorId whose events they are
     * @param payloads what happened
     */
    private record Step(String leader, UUID originatorId, List<Object> payloads) {}
}
