package dev.eventsourcing.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.testing.Account.Charged;
import dev.eventsourcing.testing.Account.Closed;
import dev.eventsourcing.testing.Account.Opened;
import dev.eventsourcing.testing.Account.Paid;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StateScenarioTest {
    private final StateScenario<Account, Account.Event> account =
            StateScenario.of(Account.class, Account.Event.class, Account::after);
    private final StateScenario<Account, Account.Event> adas = account.given(new Opened("Ada"), new Paid(10));

    @Test
    void savesTheEventThatACommandReturns() {
        adas.when(it -> it.pay(5))
                .then(new Paid(5))
                .thenState(it -> assertThat(it.balance()).isEqualTo(15));
    }

    @Test
    void savesTheEventsThatACommandReturnsInTheirOrder() {
        adas.when(it -> it.withdraw(5))
                .then(new Paid(-5), new Charged(1))
                .thenState("4 are left", it -> it.balance() == 4);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> adas.when(it -> it.withdraw(5)).then(new Charged(1), new Paid(-5)))
                .withMessageContainingAll("expected", "recorded", "<- differs", "given [Opened[owner=Ada]");
    }

    @Test
    void savesNothingWhereACommandReturnsNothing() {
        adas.when(it -> it.withdraw(0)).thenNothing();
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> adas.when(it -> it.withdraw(5)).thenNothing());
    }

    @Test
    void savesTheFirstEvents() {
        account.when(() -> Account.open("Ada", 3)).then(new Opened("Ada"), new Paid(3));
    }

    @Test
    void refusesTheFirstEventsOfWhatExists() {
        adas.when(() -> Account.open("Ada", 3)).thenThrows(RecordConflictException.class, "already exists");
    }

    @Test
    void expectsExceptions() {
        adas.when(it -> it.withdraw(11))
                .thenThrows(IllegalStateException.class, "only 10")
                .thenNothing()
                .thenState("nothing is gone", it -> it.balance() == 10);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> adas.when(it -> it.pay(1)).thenThrows(IllegalStateException.class))
                .withMessageContaining("nothing was thrown");
    }

    @Test
    void saysSoWhereThereIsNoStateToAsk() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> adas.given(new Closed()).when(it -> it.pay(1)))
                .withMessageContainingAll("there is none", "Closed[]");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(
                        () -> adas.when(it -> new Closed()).then(new Closed()).thenState(it -> {}))
                .withMessageContaining("there is none");
    }

    @Test
    void givesEventsTheirId() {
        UUID id = new UUID(7, 7);

        account.id(id)
                .at(Instant.EPOCH)
                .given(new Opened("Ada"))
                .when(it -> List.of(it.pay(1)))
                .thenRecorded(events -> assertThat(events).singleElement().satisfies(event -> {
                    assertThat(event.originatorId()).isEqualTo(id);
                    assertThat(event.originatorVersion()).isEqualTo(2);
                }));
    }
}
