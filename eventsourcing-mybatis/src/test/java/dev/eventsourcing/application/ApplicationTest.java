package dev.eventsourcing.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.Topic;
import dev.eventsourcing.domain.UnusableAggregateException;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ApplicationTest {
    private final InMemoryRecorders recorders = new InMemoryRecorders();
    private final Bank bank = new Bank(recorders);

    @Test
    void readsBackWhatItSaved() {
        Account account = new Account(UUID.randomUUID());
        account.pay(10);
        account.pay(5);

        bank.save(account);

        Account read = bank.accounts.get(account.id());
        assertThat(read).isNotSameAs(account);
        assertThat(read.balance).isEqualTo(15);
        assertThat(read.version()).isEqualTo(2);
        assertThat(read.createdOn()).isEqualTo(account.createdOn());
        assertThat(read.modifiedOn()).isEqualTo(account.modifiedOn());
    }

    @Test
    void savesSeveralAggregatesInTheOrderOfTheArguments() {
        Account first = new Account(new UUID(9, 9));
        Account second = new Account(new UUID(1, 1));
        second.pay(1);
        first.pay(2);
        first.pay(3);

        List<Recording> recordings = bank.save(first, second);

        assertThat(recordings)
                .<Object>extracting(recording -> recording.event().payload())
                .containsExactly(new Paid(2), new Paid(3), new Paid(1));
        assertThat(recordings)
                .extracting(recording -> recording.notification().id())
                .isSorted();
        assertThat(bank.notificationLog().select(NotificationSelection.after(0)))
                .isEqualTo(recordings.stream().map(Recording::notification).toList());
    }

    @Test
    void savesAnAggregateOnceThatIsGivenTwice() {
        Account account = new Account(UUID.randomUUID());
        account.pay(1);

        assertThat(bank.save(account, account)).hasSize(1);
    }

    @Test
    void savesNothingWhereNothingHappened() {
        Account account = new Account(UUID.randomUUID());

        assertThat(bank.save(account)).isEmpty();
        assertThat(bank.save()).isEmpty();
        assertThat(bank.notificationLog().maxNotificationId()).isEmpty();
    }

    @Test
    void savesTheSameAggregateAgainAndAgain() {
        Account account = new Account(UUID.randomUUID());
        account.pay(1);
        bank.save(account);
        account.pay(2);

        List<Recording> recordings = bank.save(account);

        assertThat(recordings).hasSize(1);
        assertThat(bank.accounts.get(account.id()).balance).isEqualTo(3);
    }

    @Test
    void aConflictKeepsNothingAndMakesEveryAggregateOfTheSaveUnusable() {
        Account contested = new Account(UUID.randomUUID());
        contested.pay(1);
        bank.save(contested);
        Account slower = bank.accounts.get(contested.id());
        contested.pay(2);
        bank.save(contested);
        Account innocent = new Account(UUID.randomUUID());
        innocent.pay(4);
        slower.pay(8);

        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> bank.save(innocent, slower))
                .withMessageContaining("version 1 of " + innocent.id() + " (new), version 2 of " + contested.id())
                .satisfies(e -> assertThat(e.alreadyExists()).isFalse());

        assertThat(bank.accounts.contains(innocent.id())).isFalse();
        assertThat(bank.accounts.get(contested.id()).balance).isEqualTo(3);
        for (Account unusable : List.of(innocent, slower)) {
            assertThatExceptionOfType(UnusableAggregateException.class)
                    .isThrownBy(() -> bank.save(unusable))
                    .withCauseInstanceOf(RecordConflictException.class);
            assertThatExceptionOfType(UnusableAggregateException.class).isThrownBy(() -> unusable.pay(1));
        }
    }

    @Test
    void anAggregateThatCannotBeWrittenIsUnusable() {
        Account account = new Account(UUID.randomUUID());
        account.pay(null);

        assertThatExceptionOfType(PersistenceException.class).isThrownBy(() -> bank.save(account));
        assertThatExceptionOfType(UnusableAggregateException.class).isThrownBy(() -> bank.save(account));
    }

    @Test
    void joinsTheTransactionThatItIsCalledIn() {
        Account account = new Account(UUID.randomUUID());
        account.pay(1);

        assertThatIllegalStateException()
                .isThrownBy(() -> recorders.transactions().required(() -> {
                    bank.save(account);
                    assertThat(bank.accounts.get(account.id()).balance).isEqualTo(1);
                    throw new IllegalStateException("roll back");
                }));

        assertThat(bank.accounts.contains(account.id())).isFalse();
    }

    @Test
    void aSaveAfterOneThatWasRolledBackFailsInsteadOfLeavingAGap() {
        Account account = new Account(UUID.randomUUID());
        account.pay(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> recorders.transactions().required(() -> {
                    bank.save(account);
                    throw new IllegalStateException("roll back");
                }));
        account.pay(2);

        assertThatExceptionOfType(RecordConflictException.class)
                .isThrownBy(() -> bank.save(account))
                .withMessage(
                        "Version 1 of " + account.id() + " was saved, or read, in a transaction that was rolled back."
                                + " Get the aggregate again and repeat the command.");

        assertThat(bank.accounts.contains(account.id())).isFalse();
        assertThatExceptionOfType(UnusableAggregateException.class).isThrownBy(() -> account.pay(3));
    }

    @Test
    void aSaveAfterOneThatWasRolledBackFailsAlsoIfAnotherTookItsPlace() {
        Account account = new Account(UUID.randomUUID());
        account.pay(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> recorders.transactions().required(() -> {
                    bank.save(account);
                    throw new IllegalStateException("roll back");
                }));
        Account other = new Account(account.id());
        other.pay(100);
        bank.save(other);
        account.pay(2);

        assertThatExceptionOfType(RecordConflictException.class).isThrownBy(() -> bank.save(account));

        assertThat(bank.accounts.get(account.id()).balance).isEqualTo(100);
    }

    @Test
    void anAggregateMayBeSavedSeveralTimesInOneTransactionAndAfterIt() {
        Account account = new Account(UUID.randomUUID());

        recorders.transactions().required(() -> {
            account.pay(1);
            bank.save(account);
            account.pay(2);
            bank.save(account);
        });
        account.pay(4);
        bank.save(account);

        assertThat(bank.accounts.get(account.id()).balance).isEqualTo(7);
    }

    @Test
    void tellsItsListenersAfterTheCommit() {
        Account account = new Account(UUID.randomUUID());
        List<String> heard = new ArrayList<>();
        bank.onRecorded(recordings -> heard.add(recordings.size() + " recorded, in a transaction: "
                + recorders.transactions().active()));

        recorders.transactions().required(() -> {
            account.pay(1);
            bank.save(account);
            heard.add("saved");
        });
        account.pay(2);
        bank.save(account);

        assertThat(heard)
                .containsExactly("saved", "1 recorded, in a transaction: false", "1 recorded, in a transaction: false");
    }

    @Test
    void tellsNobodyOfWhatWasRolledBackOrOfNothing() {
        List<Object> heard = new ArrayList<>();
        bank.onRecorded(heard::add);

        assertThatIllegalStateException()
                .isThrownBy(() -> recorders.transactions().required(() -> {
                    Account account = new Account(UUID.randomUUID());
                    account.pay(1);
                    bank.save(account);
                    throw new IllegalStateException("roll back");
                }));
        bank.save(new Account(UUID.randomUUID()));

        assertThat(heard).isEmpty();
    }

    @Test
    void aListenerThatFailsFailsNeitherTheSaveNorTheNextListener() {
        List<Object> heard = new ArrayList<>();
        bank.onRecorded(recordings -> {
            throw new IllegalStateException("deaf");
        });
        bank.onRecorded(heard::add);
        Account account = new Account(UUID.randomUUID());
        account.pay(1);

        bank.save(account);

        assertThat(heard).hasSize(1);
    }

    @Test
    void aListenerThatWasTakenAwayHearsNothing() throws Exception {
        List<Object> heard = new ArrayList<>();
        bank.onRecorded(heard::add).close();
        Account account = new Account(UUID.randomUUID());
        account.pay(1);

        bank.save(account);

        assertThat(heard).isEmpty();
    }

    @Test
    void isNamedAsItsClassOrAsItSays() {
        assertThat(bank.name()).isEqualTo("Bank");
        assertThat(new Named("Other", recorders).name()).isEqualTo("Other");
    }

    @Test
    void refusesNamesThatCannotBeStored() {
        for (String name : List.of("", " ", "a b", "-a", "a\u0000", "a'b", "x".repeat(129))) {
            assertThatExceptionOfType(ConfigurationException.class)
                    .as(name)
                    .isThrownBy(() -> new Named(name, recorders))
                    .withMessageContaining("Application name")
                    .withMessageContaining("constructor");
        }
        assertThat(new Named("x".repeat(128), recorders).name()).hasSize(128);
    }

    @Test
    void refusesTwoTypesOfOneTopicWhenItIsMade() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new Confused(recorders))
                .withMessageContaining("Topic ApplicationTest.Paid is claimed by");
    }

    @Test
    void keepsApplicationsOfOtherNamesApart() {
        Account account = new Account(UUID.randomUUID());
        account.pay(1);
        bank.save(account);

        Named other = new Named("Other", recorders);

        assertThat(other.notificationLog().select(NotificationSelection.after(0)))
                .isEmpty();
        assertThat(new Bank(recorders).accounts.contains(account.id())).isTrue();
    }

    @Test
    void eventsOfTypesThatAreListedByHandAreSavedAndRead() {
        Ledger ledger = new Ledger(recorders);
        Entry entry = new Entry(UUID.randomUUID());
        entry.write("a");

        ledger.save(entry);

        assertThat(ledger.entries.get(entry.id()).lines).containsExactly("a");
        assertThat(ledger.notificationLog().select(NotificationSelection.after(0)))
                .extracting(Notification::event)
                .extracting(event -> event.topic())
                .containsExactly("ApplicationTest.Line");
    }

    sealed interface Movement {}

    record Paid(Integer amount) implements Movement {}

    static final class Account extends Aggregate<Movement> {
        int balance;

        Account(UUID id) {
            super(id);
        }

        void pay(Integer amount) {
            trigger(new Paid(amount));
        }

        @Override
        protected void apply(Movement event) {
            if (event instanceof Paid paid && paid.amount() != null) {
                balance += paid.amount();
            }
        }
    }

    static final class Bank extends Application {
        final Repository<Account> accounts = repository(Account.class, Account::new);

        Bank(RecorderFactory recorders) {
            super(recorders);
        }
    }

    private static final class Named extends Application {
        Named(String name, RecorderFactory recorders) {
            super(name, recorders);
        }
    }

    sealed interface Claim {}

    @Topic("ApplicationTest.Paid")
    record Claimed() implements Claim {}

    private static final class Claims extends Aggregate<Claim> {
        Claims(UUID id) {
            super(id);
        }

        @Override
        protected void apply(Claim event) {}
    }

    private static final class Confused extends Application {
        Confused(RecorderFactory recorders) {
            super(recorders);
            repository(Account.class, Account::new);
            repository(Claims.class, Claims::new);
        }
    }

    record Line(String text) {}

    static final class Entry extends Aggregate<Object> {
        final List<String> lines = new ArrayList<>();

        Entry(UUID id) {
            super(id);
        }

        void write(String text) {
            trigger(new Line(text));
        }

        @Override
        protected void apply(Object event) {
            lines.add(((Line) event).text());
        }
    }

    private static final class Ledger extends Application {
        final Repository<Entry> entries = repository(Entry.class, Entry::new, Line.class);

        Ledger(RecorderFactory recorders) {
            super(recorders);
        }
    }
}
