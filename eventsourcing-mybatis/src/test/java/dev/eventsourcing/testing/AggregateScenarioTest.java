package dev.eventsourcing.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.CipherKeys;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.StateFormat;
import dev.eventsourcing.testing.Box.Filled;
import dev.eventsourcing.testing.Box.Scanned;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AggregateScenarioTest {
    private final AggregateScenario<Box, Box.Event> box = AggregateScenario.of(Box.class, Box::new);

    private static Filled filled(String litres) {
        return new Filled(new BigDecimal(litres));
    }

    @Test
    void beginsWithAnEmptyAggregateWhereNothingIsGiven() {
        box.when(it -> it.fill("2")).then(filled("2"));
    }

    @Test
    void showsExpectedAndRecordedEventsSideBySide() {
        Outcome<Box> outcome = box.given(filled("1")).when(it -> {
            it.fill("2");
            it.fill("3");
        });

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> outcome.then(filled("2"), filled("4"), filled("5")))
                .withMessage("""
                        Other events were recorded than were expected:
                          expected         | recorded
                          Filled[litres=2] | Filled[litres=2]
                          Filled[litres=4] | Filled[litres=3]  <- differs
                          Filled[litres=5] | (none)  <- differs
                        given [Filled[litres=1]]""");
    }

    @Test
    void failsWhereEventsAreInAnotherOrder() {
        Outcome<Box> outcome = box.when(it -> {
            it.fill("2");
            it.fill("3");
        });

        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> outcome.then(filled("3"), filled("2")));
    }

    @Test
    void failsWhereSomethingHappenedAndNothingWasExpected() {
        Outcome<Box> outcome = box.when(it -> it.fill("2"));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(outcome::thenNothing)
                .withMessageContaining("Filled[litres=2]");
    }

    @Test
    void failsWhereACommandThrowsAndWasNotExpectedTo() {
        Outcome<Box> outcome = box.given(filled("1")).when(it -> it.fill("much"));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> outcome.then(filled("2")))
                .withMessageContainingAll("Filled[litres=2]", "NumberFormatException", "given [Filled[litres=1]]")
                .withCauseInstanceOf(NumberFormatException.class);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(outcome::thenNothing);
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> outcome.thenState(it -> {}));
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> outcome.thenRecorded(events -> {}));
    }

    @Test
    void failsWhereACommandDoesNotThrowAsExpected() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> box.when(it -> it.fill("2")).thenThrows(NumberFormatException.class))
                .withMessageContainingAll("NumberFormatException", "nothing was thrown", "Filled[litres=2]");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> box.when(it -> it.fill("much")).thenThrows(IllegalStateException.class))
                .withMessageContainingAll("IllegalStateException", "NumberFormatException");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() ->
                        box.when(it -> it.fillThenComplain("2")).thenThrows(IllegalStateException.class, "too early"))
                .withMessageContainingAll("too early", "too late");
    }

    @Test
    void failsWhereACommandTriggersBeforeItThrows() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> box.when(it -> it.fillThenComplain("2")).thenThrows(IllegalStateException.class))
                .withMessageContainingAll("Filled[litres=2]", "check first");
    }

    @Test
    void expectsTheExceptionOfAnEventThatCannotBeApplied() {
        box.given(filled("1"))
                .when(Box::burst)
                .thenThrows(IllegalStateException.class, "cannot be applied")
                .thenState("the box is as before", it -> it.litres().equals(BigDecimal.ONE));
    }

    @Test
    void findsAnEventThatCannotBeReadBack() {
        box.when(Box::lose).thenThrows(PersistenceException.class, "not be read back");
        assertThatExceptionOfType(PersistenceException.class)
                .isThrownBy(() -> box.given(new Box.Lost("Ulm")).when(it -> it.fill("1")))
                .withMessageContaining("not be read back");
    }

    @Test
    void comparesByWhatIsStoredWhereEqualsSaysNo() {
        box.when(it -> it.scan((byte) 1, (byte) 2)).then(new Scanned(new byte[] {1, 2}));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> box.when(it -> it.scan((byte) 1)).then(new Scanned(new byte[] {2})));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> box.when(it -> it.fill("1")).then(filled("1.0")));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> box.when(it -> it.fill("1")).then("another type"));
    }

    @Test
    void looksAtTheStateAfterwards() {
        Outcome<Box> outcome = box.given(filled("1")).when(it -> it.fill("2"));

        outcome.thenState("there are 3 litres", it -> it.litres().intValue() == 3);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> outcome.thenState(
                        "there are 4 litres", it -> it.litres().intValue() == 4))
                .withMessageContainingAll("there are 4 litres", "Filled[litres=2]", "given [Filled[litres=1]]");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(
                        () -> outcome.thenState(it -> assertThat(it.litres()).isZero()));
    }

    @Test
    void saysSoWhereThereIsNoStateToLookAt() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> box.when(it -> {}).thenNothing().thenState(it -> {}))
                .withMessageContaining("there is none");
    }

    @Test
    void givesEventsTheirIdAndTime() {
        UUID id = new UUID(7, 7);
        Instant first = Instant.parse("2026-02-28T23:00:00Z");

        box.id(id)
                .at(first)
                .given(filled("1"))
                .at(first.plusSeconds(60))
                .given(filled("2"))
                .when(it -> it.fill("3"))
                .thenState(it -> {
                    assertThat(it.id()).isEqualTo(id);
                    assertThat(it.createdOn()).isEqualTo(first);
                    assertThat(it.version()).isEqualTo(3);
                })
                .thenRecorded(events -> assertThat(events).singleElement().satisfies(event -> {
                    assertThat(event.originatorId()).isEqualTo(id);
                    assertThat(event.originatorVersion()).isEqualTo(3);
                }));
    }

    @Test
    void leavesAScenarioAsItIs() {
        AggregateScenario<Box, Box.Event> full = box.given(filled("9"));
        box.given(filled("1"));

        full.when(it -> it.fill("1")).then(filled("1"));

        full.when(it -> it.fill("1"))
                .thenState("nothing is left of before", it -> it.litres().equals(BigDecimal.TEN));
    }

    @Test
    void writesEventsInTheFormatOfTheApplication() {
        String key = "1:" + Base64.getEncoder().encodeToString(new byte[16]);

        box.format(StateFormat.json().encrypted(CipherKeys.parse(key)))
                .given(filled("1"))
                .when(it -> it.scan((byte) 3))
                .then(new Scanned(new byte[] {3}));
    }

    @Test
    void takesEventTypesThatAreListedByHand() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(
                        () -> box.eventTypes(Scanned.class).given(filled("1")).when(it -> it.fill("1")));

        box.eventTypes(Filled.class, Scanned.class)
                .given(filled("1"))
                .when(it -> it.fill("1"))
                .then(filled("1"));
    }
}
