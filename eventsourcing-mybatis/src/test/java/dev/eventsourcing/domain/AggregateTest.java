package dev.eventsourcing.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AggregateTest {
    private static final UUID ID = new UUID(1, 2);
    private static final Instant MONDAY = Instant.parse("2026-03-02T08:00:00Z");
    private static final Instant TUESDAY = Instant.parse("2026-03-03T08:00:00Z");

    @Test
    void isOfVersion0AndWithoutTimesBeforeItsFirstEvent() {
        Diary diary = new Diary(ID);

        assertThat(diary.version()).isZero();
        assertThat(diary.createdOn()).isNull();
        assertThat(diary.modifiedOn()).isNull();
        assertThat(diary.collectEvents()).isEmpty();
    }

    @Test
    void triggeredEventsAreAppliedAndKeptInOrderFromVersion1() {
        Diary diary = new Diary(ID);

        diary.write("first", MONDAY);
        diary.write("second", TUESDAY);

        assertThat(diary.lines).containsExactly("first", "second");
        assertThat(diary.version()).isEqualTo(2);
        assertThat(diary.collectEvents())
                .containsExactly(
                        new DomainEvent<>(ID, 1, MONDAY, Map.of(), new Written("first")),
                        new DomainEvent<>(ID, 2, TUESDAY, Map.of(), new Written("second")));
    }

    @Test
    void anEventIsAppliedBeforeVersionAndTimesMove() {
        Diary diary = new Diary(ID);
        diary.write("first", MONDAY);

        diary.write("second", TUESDAY);

        assertThat(diary.versionsWhileApplying).containsExactly(0L, 1L);
    }

    @Test
    void createdOnStaysAndModifiedOnMoves() {
        Diary diary = new Diary(ID);

        diary.write("first", MONDAY);
        diary.write("second", TUESDAY);

        assertThat(diary.createdOn()).isEqualTo(MONDAY);
        assertThat(diary.modifiedOn()).isEqualTo(TUESDAY);
    }

    @Test
    void eventsHappenNowUnlessATimeIsGiven() {
        Diary diary = new Diary(ID);
        Instant before = Instant.now().minusMillis(1);

        diary.write("first");

        assertThat(diary.createdOn()).isBetween(before, Instant.now());
    }

    @Test
    void eventsAreCollectedOnce() {
        Diary diary = new Diary(ID);
        diary.write("first", MONDAY);

        List<DomainEvent<Event>> collected = diary.collectEvents();

        assertThat(collected).hasSize(1);
        assertThat(diary.collectEvents()).isEmpty();
    }

    @Test
    void namesTheLastCollectedEventUntilItIsConfirmed() {
        Diary diary = new Diary(ID);
        diary.write("first", MONDAY);
        diary.write("second", TUESDAY);

        List<DomainEvent<Event>> collected = diary.collectEvents();

        assertThat(diary.unconfirmedEvent()).contains(collected.get(1));
        diary.confirmRecorded();
        assertThat(diary.unconfirmedEvent()).isEmpty();
    }

    @Test
    void isRebuiltFromItsEventsWithoutKeepingThemToBeSaved() {
        Diary diary = new Diary(ID);

        diary.mutate(new DomainEvent<>(ID, 1, MONDAY, Map.of(), new Written("first")));

        assertThat(diary.lines).containsExactly("first");
        assertThat(diary.version()).isEqualTo(1);
        assertThat(diary.collectEvents()).isEmpty();
    }

    @Test
    void refusesAnEventOfAnotherAggregateAndNamesBoth() {
        Diary diary = new Diary(ID);
        UUID other = new UUID(3, 4);

        assertThatExceptionOfType(OriginatorIdException.class)
                .isThrownBy(() -> diary.mutate(new DomainEvent<>(other, 1, MONDAY, Map.of(), new Written("first"))))
                .satisfies(e -> {
                    assertThat(e.expected()).isEqualTo(ID);
                    assertThat(e.actual()).isEqualTo(other);
                })
                .withMessageContaining(ID.toString())
                .withMessageContaining(other.toString());
        assertThat(diary.lines).isEmpty();
    }

    @Test
    void asksForTheIdBeforeTheVersion() {
        Diary diary = new Diary(ID);

        assertThatExceptionOfType(OriginatorIdException.class)
                .isThrownBy(() ->
                        diary.mutate(new DomainEvent<>(new UUID(3, 4), 7, MONDAY, Map.of(), new Written("first"))));
    }

    @Test
    void refusesAnEventThatIsNotTheNextAndNamesBothVersions() {
        Diary diary = new Diary(ID);
        diary.write("first", MONDAY);

        for (long version : new long[] {0, 1, 3}) {
            assertThatExceptionOfType(OriginatorVersionException.class)
                    .isThrownBy(
                            () -> diary.mutate(new DomainEvent<>(ID, version, MONDAY, Map.of(), new Written("again"))))
                    .satisfies(e -> {
                        assertThat(e.originatorId()).isEqualTo(ID);
                        assertThat(e.expected()).isEqualTo(2);
                        assertThat(e.actual()).isEqualTo(version);
                    });
        }
        assertThat(diary.lines).containsExactly("first");
    }

    @Test
    void staysUsableAfterAnEventThatWasNotItsOwn() {
        Diary diary = new Diary(ID);
        assertThatExceptionOfType(OriginatorVersionException.class)
                .isThrownBy(() -> diary.mutate(new DomainEvent<>(ID, 2, MONDAY, Map.of(), new Written("second"))));

        diary.write("first", MONDAY);

        assertThat(diary.version()).isEqualTo(1);
    }

    @Test
    void anEventThatCannotBeAppliedMovesNeitherVersionNorTimes() {
        Diary diary = new Diary(ID);
        diary.write("first", MONDAY);

        assertThatIllegalStateException().isThrownBy(diary::tear).withMessage("torn");

        assertThat(diary.version()).isEqualTo(1);
        assertThat(diary.modifiedOn()).isEqualTo(MONDAY);
    }

    @Test
    void resumesOnlyWhereNothingHasHappened() {
        Diary diary = new Diary(ID);
        diary.write("Dear diary");

        assertThatExceptionOfType(OriginatorVersionException.class)
                .isThrownBy(() -> diary.resume(7, MONDAY, TUESDAY))
                .satisfies(e -> assertThat(e.expected()).isZero());

        assertThat(diary.version()).isEqualTo(1);
    }

    @Test
    void doesNotTriggerWhileItApplies() {
        Talkative talkative = new Talkative(ID);

        assertThatExceptionOfType(EventSourcingException.class)
                .isThrownBy(talkative::talk)
                .withMessageContaining("Talkative.apply triggers an event")
                .withMessageContaining("trigger the event in the command");
        assertThatExceptionOfType(EventSourcingException.class)
                .isThrownBy(() ->
                        new Talkative(ID).mutate(new DomainEvent<>(ID, 1, MONDAY, Map.of(), new Written("again"))));

        assertThat(talkative.version()).isZero();
        assertThat(talkative.isUsable()).isFalse();
    }

    @Test
    void isUnusableOnceAnEventCouldNotBeApplied() {
        Diary diary = new Diary(ID);
        diary.write("first", MONDAY);
        assertThat(diary.isUsable()).isTrue();
        assertThatIllegalStateException().isThrownBy(diary::tear);

        assertThat(diary.isUsable()).isFalse();
        for (Runnable use : List.<Runnable>of(
                () -> diary.write("second"),
                diary::collectEvents,
                () -> diary.mutate(new DomainEvent<>(ID, 2, MONDAY, Map.of(), new Written("second"))))) {
            assertThatExceptionOfType(UnusableAggregateException.class)
                    .isThrownBy(use::run)
                    .withMessage("Aggregate " + ID + " is unusable, for applying Torn to it failed."
                            + " Get it from its repository again.")
                    .withCauseInstanceOf(IllegalStateException.class)
                    .satisfies(e -> assertThat(e.originatorId()).isEqualTo(ID));
        }
    }

    @Test
    void isUnusableOnceItsEventsWereNotRecordedAndKeepsTheFirstReason() {
        Diary diary = new Diary(ID);

        diary.markUnusable(new IllegalStateException("first"));
        diary.markUnusable(new IllegalStateException("second"));

        assertThat(diary.isUsable()).isFalse();
        assertThatExceptionOfType(UnusableAggregateException.class)
                .isThrownBy(() -> diary.write("more"))
                .withMessageContaining("saving its events failed")
                .havingCause()
                .withMessage("first");
    }

    @Test
    void tellsWhichEventApplyDoesNotKnow() {
        Diary diary = new Diary(ID);

        assertThatExceptionOfType(EventSourcingException.class)
                .isThrownBy(diary::burn)
                .withMessage(Diary.class.getName() + ".apply does not know events of type " + Burnt.class.getName()
                        + ". Add a branch for it.");
    }

    private sealed interface Event {}

    private record Written(String line) implements Event {}

    private record Torn() implements Event {}

    private record Burnt() implements Event {}

    private static final class Talkative extends Aggregate<Event> {
        Talkative(UUID id) {
            super(id);
        }

        void talk() {
            trigger(new Written("said"));
        }

        @Override
        protected void apply(Event event) {
            trigger(new Written("and answered"));
        }
    }

    private static final class Diary extends Aggregate<Event> {
        private final List<String> lines = new ArrayList<>();
        private final List<Long> versionsWhileApplying = new ArrayList<>();

        Diary(UUID id) {
            super(id);
        }

        void write(String line) {
            trigger(new Written(line));
        }

        void write(String line, Instant when) {
            trigger(new Written(line), when);
        }

        void tear() {
            trigger(new Torn());
        }

        void burn() {
            trigger(new Burnt());
        }

        @Override
        protected void apply(Event event) {
            versionsWhileApplying.add(version());
            if (event instanceof Written written) {
                lines.add(written.line());
            } else if (event instanceof Torn) {
                throw new IllegalStateException("torn");
            } else {
                throw unknown(event);
            }
        }
    }
}
