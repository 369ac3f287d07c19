package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.UnusableAggregateException;
import dev.eventsourcing.persistence.EventDecodingException;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.system.Words.Noise;
import dev.eventsourcing.system.Words.Spoken;
import dev.eventsourcing.system.Words.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FollowerTest {
    private final InMemoryRecorders recorders = new InMemoryRecorders();
    private final Words words = new Words(recorders);
    private final Echo echo = new Echo(recorders);

    @Test
    void processesEventsInTheOrderOfTheLogAndKeepsItsPosition() {
        echo.follow(words);
        words.say("a", "b");
        words.say("c");

        long processed = echo.pullAndProcess("Words");

        assertThat(processed).isEqualTo(3);
        assertThat(echo.seen).containsExactly("a", "b", "c");
        assertThat(echo.repeated()).containsExactly("a", "b", "c");
        assertThat(position(echo)).hasValue(3);
    }

    @Test
    void processesNothingTwice() {
        echo.follow(words);
        words.say("a");
        echo.pullAndProcess("Words");

        assertThat(echo.pullAndProcess("Words")).isZero();
        words.say("b");
        assertThat(echo.pullAndProcess("Words")).isEqualTo(1);
        assertThat(echo.seen).containsExactly("a", "b");
    }

    @Test
    void anEmptyLogIsNothingToDo() {
        echo.follow(words);

        assertThat(echo.pullAndProcess("Words")).isZero();
        assertThat(position(echo)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {499, 500, 501, 1_250})
    void processesLogsThatAreLongerThanAPage(int length) {
        echo.follow(words);
        echo.repeats = false;
        String[] all = IntStream.range(0, length).mapToObj(Integer::toString).toArray(String[]::new);
        words.say(all);

        assertThat(echo.pullAndProcess("Words")).isEqualTo(length);

        assertThat(echo.seen).containsExactly(all);
        assertThat(position(echo)).hasValue(length);
    }

    @Test
    void processesWhatItsPolicyHasRecordedWhenItFollowsItself() {
        Repeater repeater = new Repeater(recorders);
        repeater.follow(words);
        repeater.follow(repeater);
        words.say("aaa");

        repeater.pullAndProcess("Words");
        long rounds = 0;
        for (long processed = 1; processed > 0; rounds += processed) {
            processed = repeater.pullAndProcess("Repeater");
        }

        assertThat(rounds).isEqualTo(3);
    }

    @Test
    void readsOnlyWhatItDeclaresAndPassesByTheRest() {
        Echo ofWords = Echo.ofWords("Words", recorders);
        ofWords.follow(words);
        words.say("a", "-crack", "b", "-hiss", "-hiss");

        assertThat(ofWords.pullAndProcess("Words")).isEqualTo(2);

        assertThat(ofWords.seen).containsExactly("a", "b");
        assertThat(position(ofWords)).hasValue(5);
    }

    @Test
    void passesByALogThatHasNothingForIt() {
        Echo ofWords = Echo.ofWords("Words", recorders);
        ofWords.follow(words);
        words.say(Stream.generate(() -> "-hiss").limit(700).toArray(String[]::new));

        assertThat(ofWords.pullAndProcess("Words")).isZero();
        assertThat(position(ofWords)).hasValue(700);
        words.say("a");
        assertThat(ofWords.pullAndProcess("Words")).isEqualTo(1);
    }

    @Test
    void doesNotStumbleOverTopicsThatItDidNotDeclare() {
        recorders
                .applicationRecorder("Words")
                .insertEvents(List.of(new StoredEvent(UUID.randomUUID(), 1, "Words.Noise", new byte[0])));
        words.say("a");
        Echo ofWords = Echo.ofWords("Words", recorders);
        ofWords.follow(words);

        assertThat(ofWords.pullAndProcess("Words")).isEqualTo(1);
    }

    @Test
    void stopsAtAnEventThatItCannotReadIfItDeclaredNothing() {
        words.say("a");
        recorders
                .applicationRecorder("Words")
                .insertEvents(List.of(new StoredEvent(UUID.randomUUID(), 1, "Unheard.Of", new byte[0])));
        echo.follow(words);

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .withCauseInstanceOf(EventDecodingException.class)
                .satisfies(e -> assertThat(e.topic()).isEqualTo("Unheard.Of"));
        assertThat(position(echo)).hasValue(1);
    }

    @Test
    void declaresALeaderOnce() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> {
                    Echo twice = Echo.ofWords("Words", recorders);
                    twice.follows("Words", Noise.class);
                })
                .withMessageContaining("declares twice");
    }

    @Test
    void saysWhomItFollowsIfItDoesNotFollowALeader() {
        echo.follow(words);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> echo.pullAndProcess("Verses"))
                .withMessageStartingWith(
                        "Follower Echo does not follow Verses. It follows: [Words]. Take it from a runner");
    }

    // A policy that fails.

    @Test
    void aPolicyThatFailsInTheMiddleLeavesAllBeforeAndNothingOfItself() {
        echo.follow(words);
        words.say("a", "b", "bad", "c");
        echo.before = (word, processing) -> {
            if (word.equals("bad")) {
                Text half = new Text(new UUID(0, 2));
                half.add("half");
                processing.collect(half);
                throw new IllegalStateException("cannot repeat that");
            }
        };

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .withMessageMatching(
                        "Echo failed to process notification 3 of Words \\(Words.Spoken, version 3 of .*\\):"
                                + " IllegalStateException: cannot repeat that")
                .satisfies(e -> {
                    assertThat(e.follower()).isEqualTo("Echo");
                    assertThat(e.leader()).isEqualTo("Words");
                    assertThat(e.notificationId()).isEqualTo(3);
                    assertThat(e.topic()).isEqualTo("Words.Spoken");
                });

        assertThat(echo.repeated()).containsExactly("a", "b");
        assertThat(echo.notificationLog().select(NotificationSelection.after(0)))
                .hasSize(2);
        assertThat(position(echo)).hasValue(2);
    }

    @Test
    void goesOnAtTheFailedEventOnceItCanBeProcessed() {
        echo.follow(words);
        words.say("a", "bad", "c");
        echo.before = (word, processing) -> {
            throw new IllegalStateException("not yet");
        };
        assertThatExceptionOfType(EventProcessingException.class).isThrownBy(() -> echo.pullAndProcess("Words"));
        echo.seen.clear();
        echo.before = (word, processing) -> {};

        assertThat(echo.pullAndProcess("Words")).isEqualTo(3);
        assertThat(echo.repeated()).containsExactly("a", "bad", "c");
    }

    @Test
    void anErrorOfTheMachineIsReportedAsAnyOther() {
        echo.follow(words);
        words.say("a");
        echo.before = (word, processing) -> {
            throw new StackOverflowError();
        };

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .withCauseInstanceOf(StackOverflowError.class)
                .withMessageEndingWith("java.lang.StackOverflowError");
    }

    @Test
    void aPolicyDoesNotSave() {
        echo.follow(words);
        words.say("a");
        echo.before = (word, processing) -> {
            Text text = new Text(UUID.randomUUID());
            text.add(word);
            echo.save(text);
        };

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .withCauseInstanceOf(EventSourcingException.class)
                .withMessageContaining("A policy does not save. Hand the aggregate to processing.collect(..)");
        assertThat(echo.repeated()).isEmpty();
    }

    @Test
    void outsideOfAPolicyAFollowerSavesAsAnyApplication() {
        Text text = new Text(Echo.TEXT);
        text.add("own");

        assertThat(echo.save(text)).hasSize(1);
        assertThat(echo.repeated()).containsExactly("own");
    }

    @Test
    void nothingIsCollectedOnceThePolicyHasReturned() {
        List<ProcessingEvent> kept = new ArrayList<>();
        echo.before = (word, processing) -> kept.add(processing);
        echo.follow(words);
        words.say("a");
        echo.pullAndProcess("Words");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> kept.get(0).collect(new Text(UUID.randomUUID())))
                .withMessage(
                        "The processing of notification 1 of Words has ended. Collect aggregates within the policy.");
    }

    @Test
    void aggregatesThatWereCollectedInVainAreUnusable() {
        List<Text> kept = new ArrayList<>();
        echo.before = (word, processing) -> {
            Text text = new Text(UUID.randomUUID());
            text.add(word);
            processing.collect(text);
            kept.add(text);
            throw new IllegalStateException("no");
        };
        echo.follow(words);
        words.say("a");
        assertThatExceptionOfType(EventProcessingException.class).isThrownBy(() -> echo.pullAndProcess("Words"));

        assertThat(kept)
                .isNotEmpty()
                .allSatisfy(text -> assertThatExceptionOfType(UnusableAggregateException.class)
                        .isThrownBy(() -> text.add("more")));
    }

    // Causes.

    @Test
    void whatCameOfAnEventNamesItAndTheChainItBelongsTo() {
        Echo.Second second = new Echo.Second(recorders);
        echo.follow(words);
        second.follow(echo);
        words.say("zero");
        words.say("a");

        echo.pullAndProcess("Words");
        second.pullAndProcess("Echo");

        DomainEvent<?> first = lastOf(echo);
        DomainEvent<?> hop = lastOf(second);
        long between = echo.notificationLog().maxNotificationId().orElseThrow();
        assertThat(first.metadata())
                .containsEntry(DomainEvent.CORRELATION_ID, "Words/2")
                .containsEntry(DomainEvent.CAUSATION_LEADER, "Words")
                .containsEntry(DomainEvent.CAUSATION_NOTIFICATION_ID, "2");
        assertThat(hop.metadata())
                .containsEntry(DomainEvent.CORRELATION_ID, "Words/2")
                .containsEntry(DomainEvent.CAUSATION_LEADER, "Echo")
                .containsEntry(DomainEvent.CAUSATION_NOTIFICATION_ID, Long.toString(between));
    }

    // Two processes.

    @Test
    void ofTwoProcessesEachEventIsProcessedByOne() {
        Echo twin = new Echo(recorders);
        echo.follow(words);
        twin.follow(words);
        words.say("a");
        echo.pullAndProcess("Words");
        words.say("b");
        twin.pullAndProcess("Words");
        words.say("c");

        assertThat(echo.pullAndProcess("Words")).isEqualTo(1);
        assertThat(twin.pullAndProcess("Words")).isZero();
        assertThat(echo.repeated()).containsExactly("a", "b", "c");
        assertThat(echo.seen).containsExactly("a", "c");
        assertThat(twin.seen).containsExactly("b");
    }

    @Test
    void goesOnFromWhereAnotherProcessIsThatWasFasterWithTheSamePage() {
        Echo twin = new Echo(recorders);
        twin.follow(words);
        Interposed interposed = new Interposed(recorders);
        interposed.afterPage = () -> twin.pullAndProcess("Words");
        echo.follow(new Words("Words", interposed));
        words.say("a", "b");

        long processed = echo.pullAndProcess("Words");

        assertThat(processed).isZero();
        assertThat(echo.repeated()).containsExactly("a", "b");
        assertThat(position(echo)).hasValue(2);
    }

    @Test
    void doesNotBlameAnEventThatAnotherProcessHasProcessedMeanwhile() {
        Echo twin = new Echo(recorders);
        twin.follow(words);
        Interposed interposed = new Interposed(recorders);
        interposed.afterPage = () -> twin.pullAndProcess("Words");
        echo.follow(new Words("Words", interposed));
        echo.before = (word, processing) -> {
            if (echo.repeated().contains(word)) {
                throw new IllegalStateException(word + " was repeated before");
            }
        };
        words.say("a", "b");

        assertThat(echo.pullAndProcess("Words")).isZero();
        assertThat(echo.repeated()).containsExactly("a", "b");
    }

    private OptionalLong position(Follower follower) {
        Optional<Position> position = recorders.processRecorder(follower.name()).position("Words");
        return position.map(found -> OptionalLong.of(found.notificationId())).orElse(OptionalLong.empty());
    }

    private static DomainEvent<?> lastOf(Follower follower) {
        List<Notification> log = follower.notificationLog().select(NotificationSelection.after(0));
        return follower.codec().decode(log.get(log.size() - 1));
    }

    /** Says one letter less of each word until nothing is left. */
    private static final class Repeater extends Follower {
        Repeater(RecorderFactory recorders) {
            super(recorders);
            repository(Text.class, Text::new);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            if (event.payload() instanceof Spoken spoken && !spoken.word().isEmpty()) {
                Text text = new Text(UUID.randomUUID());
                text.add(spoken.word().substring(1));
                processing.collect(text);
            }
        }
    }
}
