package dev.eventsourcing.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.AggregateRepository;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.system.EventProcessingException;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import dev.eventsourcing.testing.Account.Charged;
import dev.eventsourcing.testing.Account.Opened;
import dev.eventsourcing.testing.Account.Paid;
import dev.eventsourcing.testing.Box.Filled;
import java.math.BigDecimal;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PolicyScenarioTest {
    private static final UUID ADA = new UUID(7, 7);

    private final PolicyScenario<Boxes> boxes = PolicyScenario.of(Boxes::new);

    /** Fills a box with what is paid; knows two leaders. */
    static final class Boxes extends Follower {
        private final AggregateRepository<Box> repository = repository(Box.class, Box::new);

        Boxes(RecorderFactory recorders) {
            super("Boxes", recorders);
            follows("Bank", Opened.class, Paid.class);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            if (event.payload() instanceof Paid paid) {
                Box box = repository.find(event.originatorId()).orElseGet(() -> new Box(event.originatorId()));
                box.fill(Long.toString(paid.cents()));
                processing.collect(box);
                if (paid.cents() < 0) {
                    throw new IllegalStateException("cannot take out");
                }
            }
        }
    }

    private static Filled filled(int litres) {
        return new Filled(BigDecimal.valueOf(litres));
    }

    @Test
    void recordsWhatThePolicyMakesOfTheLastEventsOnly() {
        boxes.given("Bank", ADA, new Opened("Ada"), new Paid(1))
                .given("Mint", ADA, new Paid(2))
                .when("Bank", ADA, new Paid(3), new Paid(4))
                .then(filled(3), filled(4))
                .thenState(it -> assertThat(it.repository.get(ADA).litres()).isEqualByComparingTo("10"));
    }

    @Test
    void recordsNothingWhereThePolicyDoesNothing() {
        boxes.when("Bank", ADA, new Opened("Ada")).thenNothing();
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> boxes.when("Bank", ADA, new Paid(3)).thenNothing())
                .withMessageContaining("Filled[litres=3]");
    }

    @Test
    void passesByWhatIsNotDeclared() {
        boxes.when("Bank", ADA, new Charged(1)).thenNothing();
    }

    @Test
    void expectsTheExceptionOfThePolicyAndNoEvent() {
        boxes.given("Bank", ADA, new Paid(1))
                .when("Bank", ADA, new Paid(-3))
                .thenThrows(IllegalStateException.class, "cannot take out")
                .thenNothing();
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> boxes.when("Bank", ADA, new Paid(-3)).then(filled(-3)))
                .withMessageContaining("cannot take out");
    }

    @Test
    void refusesGivenEventsThatCannotBeProcessed() {
        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> boxes.given("Bank", ADA, new Paid(-3)).when("Bank", ADA, new Paid(1)));
    }

    @Test
    void keepsTheRealMetadata() {
        boxes.given("Bank", ADA, new Opened("Ada"))
                .when("Bank", ADA, new Paid(3))
                .thenRecorded(events -> assertThat(events)
                        .singleElement()
                        .extracting(DomainEvent::metadata)
                        .isEqualTo(Map.of(
                                DomainEvent.CORRELATION_ID, "Bank/2",
                                DomainEvent.CAUSATION_LEADER, "Bank",
                                DomainEvent.CAUSATION_NOTIFICATION_ID, "2")));
    }
}
