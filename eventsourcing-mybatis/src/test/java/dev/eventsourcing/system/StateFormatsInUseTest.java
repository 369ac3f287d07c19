package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.Repository;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.CipherKeys;
import dev.eventsourcing.persistence.Compressor;
import dev.eventsourcing.persistence.EventDecodingException;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StateFormat;
import dev.eventsourcing.system.Words.Event;
import dev.eventsourcing.system.Words.Spoken;
import dev.eventsourcing.system.Words.Text;
import dev.eventsourcing.testsupport.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Applications and followers whose states are compressed and encrypted, each with keys of its own. */
class StateFormatsInUseTest {
    private static final StateFormat OURS =
            StateFormat.json().compressed(Compressor.zstd()).encrypted(CipherKeys.parse("1:" + CipherKeys.newKey(256)));
    private static final StateFormat THEIRS =
            StateFormat.json().encrypted(CipherKeys.parse("1:" + CipherKeys.newKey(128)));
    private static final String LONG_WORD = "Sit" + "!".repeat(200);

    @ParameterizedTest
    @EnumSource
    void whatIsStoredIsReadAndShowsNothing(Store store) {
        try (Store.Opened opened = store.open()) {
            Secrets secrets = new Secrets("Secrets", opened.recorders, OURS);

            UUID id = secrets.keep(LONG_WORD, "down");

            Secrets elsewhere = new Secrets("Secrets", opened.recorders, OURS);
            assertThat(elsewhere.texts.get(id).words).containsExactly(LONG_WORD, "down");
            assertThat(secrets.notificationLog().select(NotificationSelection.after(0)))
                    .extracting(notification -> (int) notification.event().state()[0])
                    .containsExactly(0x51, 0x41);
            assertThatExceptionOfType(EventDecodingException.class)
                    .isThrownBy(() -> new Secrets("Secrets", opened.recorders, THEIRS).texts.get(id))
                    .withMessageContaining("does not decrypt");
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsStayReadableWhenTheFormatChanges(Store store) {
        try (Store.Opened opened = store.open()) {
            CipherKeys both = CipherKeys.of(2, new byte[32]).and(1, new byte[24]);
            UUID id = new Secrets("Secrets", opened.recorders, StateFormat.json()).keep("a" + LONG_WORD);
            List<StateFormat> later = List.of(
                    StateFormat.json().compressed(Compressor.deflate()),
                    StateFormat.json().compressed(Compressor.zstd()).encrypted(CipherKeys.of(1, new byte[24])),
                    StateFormat.json().encrypted(both),
                    StateFormat.json().encrypted(both.decryptingOnly()));

            for (StateFormat format : later) {
                Secrets secrets = new Secrets("Secrets", opened.recorders, format);
                Text text = secrets.texts.get(id);
                text.add(LONG_WORD);
                secrets.save(text);
            }

            StateFormat last = later.get(later.size() - 1);
            assertThat(new Secrets("Secrets", opened.recorders, last).texts.get(id).words)
                    .hasSize(5);
            assertThat(new Secrets("Secrets", opened.recorders, last)
                            .notificationLog()
                            .select(NotificationSelection.after(0)))
                    .extracting(notification -> (int) notification.event().state()[0])
                    .containsExactly(0x01, 0x09, 0x51, 0x41, 0x01);
        }
    }

    @ParameterizedTest
    @EnumSource
    void statesMayBeLarge(Store store) {
        try (Store.Opened opened = store.open()) {
            Secrets secrets = new Secrets("Secrets", opened.recorders, THEIRS);

            UUID id = secrets.keep("x".repeat(5_000_000));

            assertThat(secrets.texts.get(id).words.get(0).length()).isEqualTo(5_000_000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEncryptedEventThatWasSavedIsKnownToBeWhenItsAggregateIsSavedAgain(Store store) {
        try (Store.Opened opened = store.open()) {
            Secrets secrets = new Secrets("Secrets", opened.recorders, OURS);
            Text text = new Text(UUID.randomUUID());

            opened.recorders.transactions().required(() -> {
                text.add("a");
                secrets.save(text);
                text.add("b");
                secrets.save(text);
            });
            text.add("c");
            secrets.save(text);

            assertThat(secrets.texts.get(text.id()).words).containsExactly("a", "b", "c");
        }
    }

    @Test
    void anEncryptedEventThatWasRolledBackIsStillMissed() {
        try (Store.Opened opened = Store.MEMORY.open()) {
            Secrets secrets = new Secrets("Secrets", opened.recorders, OURS);
            Text text = new Text(UUID.randomUUID());
            text.add("a");
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> opened.recorders.transactions().required(() -> {
                        secrets.save(text);
                        throw new IllegalStateException("roll back");
                    }));
            Text other = new Text(text.id());
            other.add("x");
            secrets.save(other);
            text.add("b");

            assertThatExceptionOfType(RecordConflictException.class).isThrownBy(() -> secrets.save(text));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFollowerReadsEachLeadersEventsWithThatLeadersKeysAndWritesWithItsOwn(Store store) {
        try (Store.Opened opened = store.open()) {
            Secrets ours = new Secrets("Ours", opened.recorders, OURS);
            Secrets theirs = new Secrets("Theirs", opened.recorders, THEIRS);
            Secrets open = new Secrets("Open", opened.recorders, StateFormat.json());
            StateFormat format = StateFormat.json().encrypted(CipherKeys.parse("1:" + CipherKeys.newKey(192)));
            Listener listener = new Listener(opened.recorders, format);
            List.of(ours, theirs, open).forEach(listener::follow);
            ours.keep("a", "b");
            theirs.keep("c");
            open.keep("d");

            List.of("Ours", "Theirs", "Open").forEach(listener::pullAndProcess);

            assertThat(listener.heard).containsExactly("a", "b", "c", "d");
            assertThat(listener.notificationLog().select(NotificationSelection.after(0)))
                    .hasSize(4)
                    .allSatisfy(notification ->
                            assertThat(notification.event().state()[0]).isEqualTo((byte) 0x41));
            assertThat(new Listener(opened.recorders, format).texts.get(Listener.TEXT).words)
                    .hasSize(4);
        }
    }

    @Test
    void aFollowerThatWasGivenAnotherKeyOfALeaderStopsThereAndNamesTheEvent() {
        try (Store.Opened opened = Store.MEMORY.open()) {
            new Secrets("Ours", opened.recorders, OURS).keep("a");
            Listener listener = new Listener(opened.recorders, OURS);
            listener.follow(new Secrets("Ours", opened.recorders, THEIRS));

            assertThatExceptionOfType(EventProcessingException.class)
                    .isThrownBy(() -> listener.pullAndProcess("Ours"))
                    .havingCause()
                    .isInstanceOf(EventDecodingException.class)
                    .withMessageContaining("in application Ours")
                    .withMessageContaining("notification 1")
                    .withMessageContaining("does not decrypt");
            assertThat(listener.heard).isEmpty();
        }
    }

    private static final class Secrets extends Application {
        final Repository<Text> texts = repository(Text.class, Text::new);

        Secrets(String name, RecorderFactory recorders, StateFormat format) {
            super(name, recorders, format);
        }

        UUID keep(String... words) {
            Text text = new Text(UUID.randomUUID());
            List.of(words).forEach(text::add);
            save(text);
            return text.id();
        }
    }

    private static final class Listener extends Follower {
        static final UUID TEXT = new UUID(0, 1);

        final List<String> heard = new ArrayList<>();
        final Repository<Text> texts = repository(Text.class, Text::new);

        Listener(RecorderFactory recorders, StateFormat format) {
            super("Listener", recorders, format);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            heard.add(((Spoken) (Event) event.payload()).word());
            Text text = Text.in(texts, TEXT);
            text.add(heard.get(heard.size() - 1));
            processing.collect(text);
        }
    }
}
