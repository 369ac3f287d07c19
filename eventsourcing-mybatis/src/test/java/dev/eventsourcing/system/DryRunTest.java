package dev.eventsourcing.system;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.Repository;
import dev.eventsourcing.application.SnapshotInterval;
import dev.eventsourcing.application.StateRepository;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.NewEvents;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.Rehearsal;
import dev.eventsourcing.system.Words.Noise;
import dev.eventsourcing.system.Words.Spoken;
import dev.eventsourcing.system.Words.Text;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.Store;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a dry run says is what a run then does; nothing of it is recorded, and what goes on beside it goes on. */
class DryRunTest {
    private Store.Opened opened;
    private Runner runner;

    private void open(Store store, Pipe... pipes) {
        opened = store.open();
        runner = runner(opened.recorders.uncounted(), pipes);
    }

    private static Runner runner(RecorderFactory recorders, Pipe... pipes) {
        return new SingleThreadedRunner(EventDrivenSystem.of(pipes), recorders);
    }

    @AfterEach
    void close() {
        runner.close();
        opened.close();
    }

    private FollowerSyncReport dryRun(String... followers) {
        return new FollowerSync(runner).sync(List.of(followers), SyncMode.DRY_RUN);
    }

    private FollowerSyncReport process(String... followers) {
        return new FollowerSync(runner).sync(List.of(followers), SyncMode.PROCESS);
    }

    /** A dry run, and then a run, which must come to the same. Ids of a dry run are not those that a run then gives. */
    private FollowerSyncReport dryRunAndRun() {
        FollowerSyncReport rehearsed = dryRun();
        FollowerSyncReport processed = process();

        assertThat(rehearsed.results())
                .extracting(DryRunTest::said)
                .containsExactlyElementsOf(
                        processed.results().stream().map(DryRunTest::said).toList());
        return rehearsed;
    }

    private static List<Object> said(FollowerResult result) {
        return List.of(
                result.follower(),
                result.leaders().stream()
                        .map(leader -> List.of(
                                leader.leader(), leader.topics(), leader.parked(), leader.left(), leader.ended()))
                        .toList(),
                result.appended(),
                result.parkings().stream()
                        .map(parking -> parking.cause().getCause().toString())
                        .toList(),
                result.failure()
                        .map(failure -> failure.leader() + " " + failure.notificationId() + " " + failure.topic() + " "
                                + failure.cause().getCause())
                        .orElse("did not fail"));
    }

    private long recorded(String application) {
        return opened.ofAnotherProcess().applicationRecorder(application).end().recorded();
    }

    @ParameterizedTest
    @EnumSource
    void aFollowerSeesWhatTheOnesBeforeItWouldRecord(Store store) {
        open(store, pipe(Words.class, Echo.class, Echo.Second.class, Echo.Third.class));
        runner.get(Words.class).say("a", "b", "-hiss");

        FollowerSyncReport rehearsed = dryRunAndRun();

        assertThat(rehearsed.results())
                .extracting(InShort::of)
                .containsExactly("Echo DRY_RUN {Words=3}", "Second DRY_RUN {Echo=3}", "Third DRY_RUN {Second=3}");
        assertThat(rehearsed.results())
                .extracting(FollowerResult::appended)
                .containsOnly(Map.of("Words.Spoken", 2L, "Words.Noise", 1L));
        assertThat(runner.get(Echo.Third.class).seen).containsExactly("a", "b", "-hiss", "a", "b", "-hiss");
    }

    @ParameterizedTest
    @EnumSource
    void itSeesThemBehindThoseThatAreRecorded(Store store) {
        open(store, pipe(Words.class, Echo.class, Echo.Second.class));
        runner.get(Words.class).say("a", "b");
        process("Echo");
        runner.get(Words.class).say("c");

        dryRun();

        assertThat(runner.get(Echo.Second.class).seen).containsExactly("a", "b", "c");
        assertThat(recorded("Second")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aLoopEndsWhereNothingNewComesOfIt(Store store) {
        open(
                store,
                pipe(Words.class, Shortening.class),
                pipe(Shortening.class, Shortening.Further.class),
                pipe(Shortening.Further.class, Shortening.class));
        runner.get(Words.class).say("abcde", "ab");

        FollowerSyncReport rehearsed = dryRunAndRun();

        assertThat(rehearsed.results())
                .extracting(InShort::of)
                .containsExactly("Shortening DRY_RUN {Words=2, Further=2}", "Further DRY_RUN {Shortening=3}");
    }

    @ParameterizedTest
    @EnumSource
    void whoFollowsItselfGoesOnWithWhatItWouldRecord(Store store) {
        open(store, pipe(Words.class, Shortening.class, Shortening.class));
        runner.get(Words.class).say("abcd");

        FollowerSyncReport rehearsed = dryRunAndRun();

        assertThat(rehearsed.results())
                .extracting(InShort::of)
                .containsExactly("Shortening DRY_RUN {Words=1, Shortening=3}");
    }

    @ParameterizedTest
    @EnumSource
    void topicsThatAreNotFollowedPassByInWhatWouldBeRecordedToo(Store store) {
        open(store, pipe(Words.class, Echo.class, Picky.class));
        runner.get(Words.class).say("a", "-hiss", "b", "-hum");
        process("Echo");
        runner.get(Words.class).say("-hush", "c", "-hoot");

        FollowerSyncReport rehearsed = dryRunAndRun();

        assertThat(rehearsed.results().get(1).leaders().get(0).topics()).isEqualTo(Map.of("Words.Spoken", 3L));
    }

    @ParameterizedTest
    @EnumSource
    void batchesMakeNoDifference(Store store) {
        open(store, pipe(Words.class, Echo.class, Echo.Second.class));
        String[] words = IntStream.range(0, 53).mapToObj(Integer::toString).toArray(String[]::new);
        runner.get(Words.class).say(words);

        for (int batch : new int[] {1, 2, 20, 53}) {
            FollowerSyncReport report =
                    new FollowerSync(runner).batchSize(batch).sync(List.of(), SyncMode.DRY_RUN);

            assertThat(report.results())
                    .extracting(InShort::of)
                    .containsExactly("Echo DRY_RUN {Words=53}", "Second DRY_RUN {Echo=53}");
            assertThat(runner.get(Echo.Second.class).seen).containsExactly(words);
            runner.get(Echo.Second.class).seen.clear();
        }
        assertThat(recorded("Echo")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void idsAscendBehindThoseThatAreRecorded(Store store) {
        open(store, pipe(Words.class, Echo.class, Echo.Second.class));
        runner.get(Words.class).say("a", "b");
        process("Echo");
        long before = recorded("Echo");
        runner.get(Words.class).say("c", "d");
        List<Long> ids = new ArrayList<>();
        runner.get(Echo.Second.class).before = (word, processing) -> ids.add(processing.notificationId());

        dryRun();

        assertThat(ids).hasSize(4).isSorted().doesNotHaveDuplicates();
        assertThat(ids.subList(2, 4)).containsExactly(before + 1, before + 2);
    }

    @ParameterizedTest
    @EnumSource
    void positionsOfThisProcessAndItsHealthStayAsTheyAre(Store store) {
        open(store, pipe(Words.class, Echo.class, Echo.Second.class));
        runner.get(Words.class).say("a");
        process();
        long echo = runner.get(Echo.class).place("Words").reached();
        long second = runner.get(Echo.Second.class).place("Echo").reached();
        runner.get(Words.class).say("b", "c");
        String health = positions(runner);

        dryRun();

        assertThat(runner.get(Echo.class).place("Words").reached()).isEqualTo(echo);
        assertThat(runner.get(Echo.Second.class).place("Echo").reached()).isEqualTo(second);
        assertThat(positions(runner)).isEqualTo(health);
    }

    private static String positions(Runner runner) {
        return runner.health().followers().toString();
    }

    @ParameterizedTest
    @EnumSource
    void aCachedRepositoryGivesAfterwardsWhatIsRecorded(Store store) {
        open(store, pipe(Words.class, Counting.class));
        runner.get(Words.class).say("a");
        process();
        Counting counting = runner.get(Counting.class);
        assertThat(counting.words()).isEqualTo(1);
        runner.get(Words.class).say("b", "c");

        dryRun();

        assertThat(counting.words()).isEqualTo(1);
        process();
        assertThat(counting.words()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void noSnapshotIsTakenOfWhatWasOnlyRehearsed(Store store) {
        open(store, pipe(Words.class, Counting.class));
        runner.get(Words.class).say(Collections.nCopies(30, "a").toArray(String[]::new));

        dryRun();

        assertThat(opened.ofAnotherProcess()
                        .snapshotRecorder("Counting")
                        .selectEvents(Counting.ID, dev.eventsourcing.persistence.VersionRange.all()))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatAPolicyHasKeptCannotBeSavedBehindAGap(Store store) {
        open(store, pipe(Words.class, Echo.class));
        Echo echo = runner.get(Echo.class);
        runner.get(Words.class).say("a", "b");
        List<Text> kept = new ArrayList<>();
        echo.before = (word, processing) -> kept.add(echo.text());

        dryRun();

        assertThat(kept).hasSize(2);
        Text last = kept.get(1);
        assertThatExceptionOfType(dev.eventsourcing.domain.EventSourcingException.class)
                .isThrownBy(() -> {
                    last.add("c");
                    echo.save(last);
                });
        assertThat(recorded("Echo")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whatAPolicySavesOfAnotherApplicationIsRehearsedToo(Store store) {
        open(store, pipe(Words.class, Echo.class), pipe(Aside.class, Echo.Second.class));
        runner.get(Words.class).say("a", "b");
        Aside aside = runner.get(Aside.class);
        List<Recording> told = new CopyOnWriteArrayList<>();
        aside.onRecorded(told::addAll);
        aside.onSaved(told::addAll);
        List<Integer> sizes = new ArrayList<>();
        runner.get(Echo.class).before = (word, processing) -> {
            aside.add(word);
            sizes.add(aside.text().words.size());
        };

        FollowerSyncReport rehearsed = dryRun();

        assertThat(rehearsed.failures()).isEmpty();
        assertThat(sizes).containsExactly(1, 2);
        assertThat(runner.get(Echo.Second.class).seen).containsExactly("a", "b");
        assertThat(told).isEmpty();
        assertThat(recorded("Aside")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anAggregateThatExistsAlreadyIsAConflict(Store store) {
        open(store, pipe(Words.class, Blind.class));
        runner.get(Words.class).say("a", "b", "c");

        FollowerSyncReport rehearsed = dryRunAndRun();

        assertThat(rehearsed.results())
                .extracting(
                        result -> result.events().toString(),
                        result -> result.failure()
                                .map(failure -> failure.cause().getCause().getClass())
                                .orElseThrow())
                .containsExactly(org.assertj.core.api.Assertions.tuple("{Words=1}", RecordConflictException.class));
        assertThat(dryRunAndRun().failures()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aFailureInTheMiddleUndoesTheFailingEventAlone(Store store) {
        open(store, pipe(Words.class, Echo.class, Echo.Second.class));
        Echo echo = runner.get(Echo.class);
        runner.get(Words.class).say("a", "b", "bad", "c");
        echo.before = (word, processing) -> {
            if (word.equals("bad")) {
                Text text = echo.text();
                text.add("must be undone");
                processing.collect(text);
                throw new IllegalStateException("cannot repeat that");
            }
        };

        FollowerSyncReport rehearsed = dryRunAndRun();

        assertThat(rehearsed.results())
                .extracting(FollowerResult::events)
                .containsExactly(Map.of("Words", 2L), Map.of("Echo", 2L));
        assertThat(rehearsed.results().get(0).failure().orElseThrow().message()).contains("cannot repeat that");
    }

    @ParameterizedTest
    @EnumSource
    void aFollowerThatParksGoesOnBehindWhatItCannotProcess(Store store) {
        open(store, pipe(Words.class, Echo.class, Echo.Second.class));
        Echo echo = runner.get(Echo.class);
        echo.onFailure(FailureAction.PARK);
        UUID first = runner.get(Words.class).say("a", "bad", "b");
        runner.get(Words.class).say("c", "d");
        runner.get(Words.class).sayOn(first, "e");
        echo.before = (word, processing) -> {
            if (word.equals("bad")) {
                throw new IllegalStateException("cannot repeat that");
            }
        };

        FollowerSyncReport rehearsed = dryRun();

        assertThat(rehearsed.failures()).isEmpty();
        assertThat(rehearsed.results().get(0).parked()).isEqualTo(Map.of("Words", 3L));
        assertThat(rehearsed.results().get(0).parkings())
                .singleElement()
                .satisfies(parking -> assertThat(parking.message()).contains("cannot repeat that"));
        assertThat(echo.parking().count("Words")).isZero();
        dryRunAndRun();
        assertThat(echo.parking().count("Words")).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void aPolicyThatThrowsAnErrorFailsAndTheNextFollowersGoOn(Store store) {
        open(store, pipe(Words.class, Echo.class), pipe(Words.class, Echo.Second.class));
        runner.get(Words.class).say("a", "b");
        runner.get(Echo.class).before = (word, processing) -> {
            throw new AssertionError("broken");
        };

        FollowerSyncReport rehearsed = dryRunAndRun();

        assertThat(rehearsed.results())
                .extracting(FollowerResult::events)
                .containsExactly(Map.of("Words", 0L), Map.of("Words", 2L));
    }

    @ParameterizedTest
    @EnumSource
    void aPolicyMayNestTransactionsAndNothingIsDoneAfterACommitThatNeverComes(Store store) {
        open(store, pipe(Words.class, Echo.class));
        Echo echo = runner.get(Echo.class);
        runner.get(Words.class).say("a", "b");
        List<String> done = new ArrayList<>();
        List<Boolean> promised = new ArrayList<>();
        echo.before = (word, processing) -> echo.transactions().required(() -> {
            promised.add(echo.transactions().active());
            promised.add(echo.transactions().afterCommit(() -> done.add(word)));
        });

        FollowerSyncReport rehearsed = dryRun();

        assertThat(rehearsed.failures()).isEmpty();
        assertThat(promised).containsExactly(true, false, true, false);
        assertThat(done).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aRunnerOfThisProcessAndOneOfAnotherGoOnMeanwhile(Store store) throws Exception {
        open(store, pipe(Words.class, Echo.class, Echo.Second.class));
        Words words = runner.get(Words.class);
        words.say("a", "b");
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        Echo echo = runner.get(Echo.class);
        echo.before = (word, processing) -> {
            if (Rehearsal.isOn()) {
                reached.countDown();
                Concurrently.await(open);
                sizes.add(echo.repeated().size());
            }
        };

        Running<FollowerSyncReport> rehearsing =
                Concurrently.start(() -> new FollowerSync(runner).batchSize(1).sync(List.of(), SyncMode.DRY_RUN));
        Concurrently.await(reached);
        runner.start();
        try (Runner other = runner(opened.ofAnotherProcess(), pipe(Words.class, Echo.class, Echo.Second.class))) {
            other.get(Words.class).say("c");
            new FollowerSync(other).sync(List.of(), SyncMode.PROCESS);
            words.say("d");
        }
        assertThat(echo.repeated()).containsExactly("a", "b", "c", "d");
        assertThat(runner.get(Echo.Second.class).repeated()).containsExactly("a", "b", "c", "d");
        open.countDown();
        FollowerSyncReport rehearsed = rehearsing.get();

        assertThat(rehearsed.results()).extracting(FollowerResult::follower).containsExactly("Echo", "Second");
        assertThat(echo.repeated()).containsExactly("a", "b", "c", "d");
        assertThat(runner.failures()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatARunRecordsOfTheSameAggregateMeanwhileDoesNotDisturb(Store store) {
        open(store, pipe(Words.class, Echo.class, Echo.Second.class));
        runner.get(Words.class).say("a", "b", "c");
        Echo echo = runner.get(Echo.class);
        List<Integer> sizes = new ArrayList<>();
        echo.before = (word, processing) -> {
            if (Rehearsal.isOn() && word.equals("b")) {
                // As another process would, once the rehearsal has recorded its first event.
                Concurrently.start(() -> {
                            try (Runner other = runner(
                                    opened.ofAnotherProcess(), pipe(Words.class, Echo.class, Echo.Second.class))) {
                                return new FollowerSync(other).sync(List.of(), SyncMode.PROCESS);
                            }
                        })
                        .get();
            }
            sizes.add(echo.repeated().size());
        };

        FollowerSyncReport rehearsed = new FollowerSync(runner).batchSize(1).sync(List.of(), SyncMode.DRY_RUN);

        assertThat(rehearsed.results())
                .extracting(InShort::of)
                .containsExactly("Echo DRY_RUN {Words=3}", "Second DRY_RUN {Echo=3}");
        assertThat(sizes).containsExactly(0, 1, 2);
        assertThat(recorded("Second")).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void aPlanCountsByTopicAndRunsNoPolicy(Store store) {
        open(store, pipe(Words.class, Echo.class, Picky.class));
        runner.get(Words.class).say("a", "-hiss", "b");
        process("Echo");
        runner.get(Words.class).say("c", "-hum");
        runner.get(Echo.class).seen.clear();

        FollowerSyncReport plan = new FollowerSync(runner).sync(List.of(), SyncMode.PLAN);

        assertThat(plan.results())
                .extracting(result -> result.leaders().get(0).topics())
                .containsExactly(Map.of("Words.Spoken", 1L, "Words.Noise", 1L), Map.of("Words.Spoken", 2L));
        assertThat(runner.get(Echo.class).seen).isEmpty();
        assertThat(opened.ofAnotherProcess().processRecorder("Picky").position("Echo"))
                .isEmpty();
        assertThat(opened.ofAnotherProcess()
                        .processRecorder("Words")
                        .selectPage(NotificationSelection.after(0))
                        .notifications())
                .hasSize(5);
    }

    /** Shortens each word by a letter, down to one, in a text of its own. */
    static class Shortening extends Follower {
        Shortening(RecorderFactory recorders) {
            this("Shortening", recorders);
        }

        Shortening(String name, RecorderFactory recorders) {
            super(name, recorders);
            repository(Text.class, Text::new);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            String word = ((Spoken) event.payload()).word();
            if (word.length() > 1) {
                Text text = new Text(UUID.randomUUID());
                text.add(word.substring(1));
                processing.collect(text);
            }
        }

        static final class Further extends Shortening {
            Further(RecorderFactory recorders) {
                super("Further", recorders);
            }
        }
    }

    /** Follows words, and no noises. */
    static final class Picky extends Follower {
        Picky(RecorderFactory recorders) {
            super("Picky", recorders);
            follows("Echo", Spoken.class);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            assertThat(event.payload()).isNotInstanceOf(Noise.class);
        }
    }

    /** Believes each time that its aggregate is new. */
    static final class Blind extends Follower {
        Blind(RecorderFactory recorders) {
            super("Blind", recorders);
            attempts(1);
            repository(Text.class, Text::new);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            Text text = new Text(Echo.TEXT);
            text.add(((Spoken) event.payload()).word());
            processing.collect(text);
        }
    }

    /** An application that policies of others save in. */
    static final class Aside extends dev.eventsourcing.application.Application {
        private final Repository<Text> texts = repository(Text.class, Text::new);

        Aside(RecorderFactory recorders) {
            super("Aside", recorders);
        }

        Text text() {
            return Text.in(texts, Echo.TEXT);
        }

        void add(String word) {
            Text text = text();
            text.add(word);
            save(text);
        }
    }

    /** Counts words in a state that is cached, and has snapshots. */
    static final class Counting extends Follower {
        static final UUID ID = new UUID(0, 7);

        private final StateRepository<Tally> tallies = repository(
                        Tally.class, Counted.class, (before, counted) -> new Tally(counted.words()))
                .snapshots(SnapshotInterval.every(10))
                .cached(10);

        Counting(RecorderFactory recorders) {
            super("Counting", recorders);
        }

        long words() {
            return tallies.find(ID).map(tally -> tally.state().words()).orElse(0L);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            processing.collect(tallies.find(ID)
                    .map(before -> before.then(new Counted(before.state().words() + 1)))
                    .orElseGet(() -> NewEvents.first(ID, new Counted(1))));
        }

        record Counted(long words) {}

        record Tally(long words) {}
    }
}
