package dev.eventsourcing.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.json.DeepEquality;
import dev.eventsourcing.testing.Account.Closed;
import dev.eventsourcing.testing.Account.Opened;
import dev.eventsourcing.testing.Account.Paid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SnapshotAgreementTest {
    private final AggregateScenario<Team, Team.Event> team = AggregateScenario.of(Team.class, Team::new);
    private final AggregateScenario<Team, Team.Event> given =
            team.given(new Team.Named("A"), new Team.Scored("Ada", 2), new Team.Scored("Bo", 1), new Team.Named("B"));

    /** An aggregate with fields of many kinds. */
    static final class Team extends Aggregate<Team.Event> {
        sealed interface Event {}

        record Named(String name) implements Event {}

        record Scored(String player, int goals) implements Event {}

        /** Equal to everything, as some classes of users are. */
        static final class Player {
            private int goals;

            Player(int goals) {
                this.goals = goals;
            }

            @Override
            public boolean equals(@Nullable Object other) {
                return other instanceof Player;
            }

            @Override
            public int hashCode() {
                return 1;
            }
        }

        record State(String name, int names, Map<String, Integer> goals) {}

        /** Forgets how many names there were. */
        record Short(String name, Map<String, Integer> goals) {}

        private String name = "";
        private final AtomicInteger names = new AtomicInteger();
        private final Map<String, Player> players = new HashMap<>();
        private final ReentrantLock lock = new ReentrantLock();
        private transient int applied;

        Team(UUID id) {
            super(id);
        }

        State state() {
            Map<String, Integer> goals = new HashMap<>();
            players.forEach((player, it) -> goals.put(player, it.goals));
            return new State(name, names.get(), goals);
        }

        Short shortState() {
            return new Short(name, state().goals);
        }

        void restore(State state) {
            restoreShort(new Short(state.name, state.goals));
            names.set(state.names);
        }

        void restoreShort(Short state) {
            name = state.name;
            state.goals.forEach((player, goals) -> players.put(player, new Player(goals)));
        }

        void restoreWithoutGoals(State state) {
            name = state.name;
            names.set(state.names);
            state.goals.keySet().forEach(player -> players.put(player, new Player(0)));
        }

        void refuse(State state) {
            throw new IllegalStateException("cannot restore " + state);
        }

        @Override
        protected void apply(Event event) {
            applied++;
            if (event instanceof Named named) {
                name = named.name;
                names.incrementAndGet();
            } else if (event instanceof Scored scored) {
                players.computeIfAbsent(scored.player, player -> new Player(0)).goals += scored.goals;
            }
        }

        @Override
        public String toString() {
            return name + applied + lock;
        }
    }

    /** An immutable state, of which one component is not stored. */
    record Forgetful(int payments, @JsonIgnore List<String> owners) {
        static Forgetful after(@Nullable Forgetful before, Account.Event event) {
            List<String> owners = new ArrayList<>(before == null ? List.of() : before.owners);
            if (event instanceof Opened opened) {
                owners.add(opened.owner());
            }
            return new Forgetful(before == null ? 0 : before.payments + 1, List.copyOf(owners));
        }
    }

    @Test
    void agreesWhereASnapshotHasAllThatEventsLeadTo() {
        given.snapshots(Team.State.class, Team::state, Team::restore).thenSnapshotsAgree();
    }

    @Test
    void failsWhereAStateHasNoPlaceForAField() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> given.snapshots(Team.Short.class, Team::shortState, Team::restoreShort)
                        .thenSnapshotsAgree())
                .withMessageContainingAll("snapshot of version 4", "another Team", "names", "Named[name=A]")
                .withMessageContaining("by all events   2")
                .withMessageContaining("by the snapshot 0");
    }

    @Test
    void failsWhereAnObjectInTheAggregateIsRestoredInPart() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> given.snapshots(Team.State.class, Team::state, Team::restoreWithoutGoals)
                        .thenSnapshotsAgree())
                .withMessageContaining("].goals");
    }

    @Test
    void failsWhereWhatIsForgottenComesBackWithTheLastEvents() {
        AggregateScenario<Team, Team.Event> nameless = given.snapshots(
                Team.State.class,
                Team::state,
                (restored, state) -> restored.restore(new Team.State("", state.names(), state.goals())));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(nameless::thenSnapshotsAgree)
                .withMessageContaining("snapshot of version 4");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> nameless.given(new Team.Named("C")).thenSnapshotsAgree())
                .withMessageContaining("snapshot of version 5");
    }

    @Test
    void failsWhereAnEarlySnapshotIsWrongAndTheLastIsNot() {
        AggregateScenario<Team, Team.Event> late = given.snapshots(
                Team.State.class,
                Team::state,
                (restored, state) -> restored.restore(
                        state.names() == 2 ? state : new Team.State(state.name(), state.names(), Map.of())));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(late::thenSnapshotsAgree)
                .withMessageContaining("snapshot of version 3");
    }

    @Test
    void failsWhereASnapshotCannotBeRestoredThoughARepositoryWouldPassItBy() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> given.snapshots(Team.State.class, Team::state, Team::refuse)
                        .thenSnapshotsAgree())
                .withMessageContainingAll("snapshot of version 4", "cannot be restored");
    }

    @Test
    void asksForEventsAndForSnapshots() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> team.snapshots(Team.State.class, Team::state, Team::restore)
                        .thenSnapshotsAgree())
                .withMessageContaining("Give events");
        assertThatExceptionOfType(ConfigurationException.class).isThrownBy(given::thenSnapshotsAgree);
    }

    @Test
    void agreesForImmutableStates() {
        StateScenario<Account, Account.Event> account =
                StateScenario.of(Account.class, Account.Event.class, Account::after);

        account.given(new Opened("Ada"), new Paid(1), new Paid(2)).thenSnapshotsAgree();
        account.given(new Opened("Ada"), new Closed(), new Opened("Bo"), new Paid(2))
                .thenSnapshotsAgree();
        account.given(new Opened("Ada"), new Paid(2), new Closed()).thenSnapshotsAgree();
    }

    @Test
    void failsForAnImmutableStateThatIsNotStoredWhole() {
        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> StateScenario.of(Forgetful.class, Account.Event.class, Forgetful::after)
                        .given(new Opened("Ada"), new Paid(1))
                        .thenSnapshotsAgree())
                .withMessageContaining("owners");
    }

    @Test
    void takesSnapshotsInScenariosAsARepositoryDoes() {
        given.snapshots(Team.State.class, Team::state, Team::restore)
                .when(it -> {})
                .thenNothing()
                .thenRecorded(events -> assertThat(events).isEmpty());
    }

    @Test
    void comparesWhatIsInObjects() {
        record Held(Object value) {}

        assertThat(DeepEquality.ofStates(new Held(List.of(1)), new Held(new ArrayList<>(List.of(1)))))
                .isEmpty();
        for (Map.Entry<Object, Object> pair : Map.<Object, Object>of(
                        List.of(1, 2),
                        List.of(2, 1),
                        Set.of(1, 2),
                        Set.of(1, 3),
                        Map.of("a", 1),
                        Map.of("a", 2),
                        Optional.of(1),
                        Optional.empty(),
                        new int[] {1},
                        new int[] {2},
                        new StringBuilder("a"),
                        new StringBuilder("b"),
                        Thread.State.NEW,
                        Thread.State.BLOCKED)
                .entrySet()) {
            assertThat(DeepEquality.ofStates(new Held(pair.getKey()), new Held(pair.getValue())))
                    .isPresent();
        }
        assertThat(DeepEquality.ofStates(
                        new DomainEvent<>(new UUID(1, 1), 1, Instant.EPOCH, Map.of(), new int[] {1}),
                        new DomainEvent<>(new UUID(1, 1), 1, Instant.EPOCH, Map.of(), new int[] {1})))
                .isEmpty();
    }
}
