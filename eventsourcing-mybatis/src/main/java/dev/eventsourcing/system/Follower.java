package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.application.StateRepository;
import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.Topics;
import dev.eventsourcing.domain.Versioned;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.ApplicationName;
import dev.eventsourcing.persistence.EventCodec;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.Rehearsal;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.SharedStore;
import dev.eventsourcing.persistence.StateFormat;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An application that processes what others record: its {@link #policy} is given each event of its leaders, in the order of
 * each leader's log.
 *
 * <p>What the policy writes with the user's mappers, the events that it collects, and the follower's new position are one
 * transaction. So the effects in the database happen exactly once. The policy itself may run more often: when a transaction
 * is rolled back, its events are processed again, and effects outside of the database are not undone.
 *
 * <p>One thread at a time processes events, in this process; of several processes, one commits and the others go on from
 * there.
 */
public abstract class Follower extends Application {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final int DEFAULT_ATTEMPTS = 5;
    private static final int MOST_ATTEMPTS = 1_000;

    private final BatchRecorder recorder;
    private final SharedStore sharedStore;
    private final ParkedEvents parkedEvents;
    private final Settings settings;
    private final Map<String, Topics> declared = new LinkedHashMap<>();
    private final Map<String, Upstream> upstreams = Collections.synchronizedMap(new LinkedHashMap<>());
    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final ThreadLocal<@Nullable Map<String, Place>> rehearsedPlaces = new ThreadLocal<>();
    private final ReentrantLock processing = new ReentrantLock();
    private BatchSize batchSize = BatchSize.DEFAULT;
    private FailureAction failureAction = FailureAction.STOP;
    private int attempts = DEFAULT_ATTEMPTS;
    private ParkingLimit parkingLimit = ParkingLimit.DEFAULT;
    private RetryPolicy retryPolicy = RetryPolicy.DEFAULT;
    private volatile @Nullable EventSourcingException stoppedBy;
    private volatile @Nullable WorkingPolicy atWork;

    /**
     * Makes a follower that is named as its class, without the package.
     *
     * @throws ConfigurationException if the name cannot be used
     */
    protected Follower(RecorderFactory recorders) {
        this("", new BatchRecorders(recorders), StateFormat.json());
    }

    /**
     * Makes a follower with a name that stays when the class is renamed.
     *
     * @throws ConfigurationException if the name cannot be used
     */
    protected Follower(String name, RecorderFactory recorders) {
        this(name, recorders, StateFormat.json());
    }

    /**
     * Makes a follower whose own events are written and read in another way than plain JSON. Those of its leaders are read as the
     * leaders write them.
     *
     * @throws ConfigurationException if the name cannot be used
     */
    protected Follower(String name, RecorderFactory recorders, StateFormat format) {
        this(ApplicationName.requireValid(name), new BatchRecorders(recorders), format);
    }

    private Follower(String name, BatchRecorders recorders, StateFormat format) {
        super(name, recorders, format);
        this.recorder = recorders.made();
        this.sharedStore = recorders.sharedStore();
        this.parkedEvents = recorders.parkedEvents(name());
        this.settings = recorders.settings();
    }

    /**
     * Does what an event calls for: changes read models through the user's mappers, and {@linkplain ProcessingEvent#collect
     * collects} aggregates of the follower's own. An exception undoes all of it; the event is then the next one still.
     *
     * <p>While a batch is processed, the follower's repositories load an aggregate once and give the same object each time. Events
     * that one call of this method has triggered and not collected, the next does not see.
     *
     * <p>The transaction is the library's. A policy does not end it: if it does, the follower stops with a {@link
     * dev.eventsourcing.persistence.TransactionEndedException}. Mappers of other recorders are refused. What another thread or another
     * connection writes, as in an {@code @Async} method, is no part of the transaction, and nothing can tell: {@code PolicyEffects} of the
     * testing kit finds it.
     *
     * @param event what happened
     * @param processing takes the aggregates that came of it
     */
    protected abstract void policy(DomainEvent<?> event, ProcessingEvent processing);

    /**
     * Declares which events of a leader this follower processes; to be called while it is made. The others pass by, and are
     * not even read; but one whose topic the leader itself does not know any more is an error. Without a declaration it is given all.
     *
     * @param leader the leader's name
     * @param eventType the type of the events; a sealed one stands for all that it permits
     * @throws ConfigurationException if two types have one topic, or the leader was declared before
     */
    protected final void follows(String leader, Class<?> eventType, Class<?>... moreEventTypes) {
        Topics topics = new Topics();
        topics.register(List.of(eventType));
        topics.register(List.of(moreEventTypes));
        if (declared.putIfAbsent(ApplicationName.requireValid(leader), topics) != null) {
            throw new ConfigurationException(
                    "Follower " + name() + " declares twice what it follows of " + leader + ". Do it in one call.");
        }
    }

    /**
     * Sets how many events this follower processes in one transaction, its batch; to be called while it is made. Without it, 500.
     * A batch has one write of the position and one insert of all events that came of it. So more events are processed faster;
     * but the transaction and the locks of what the policy writes last longer, and when an event fails more are repeated: the
     * batch is rolled back, then its events are processed each in a transaction of its own, up to the one that fails.
     *
     * @param events from 1 to 10,000
     * @throws ConfigurationException if it is another number
     */
    protected final void batchSize(int events) {
        batchSize = new BatchSize(events);
    }

    /**
     * Sets what this follower does about an event that it cannot process; to be called while it is made. Without it, it stops.
     *
     * @throws ConfigurationException if it is to park events, and its recorders keep none
     */
    protected final void onFailure(FailureAction action) {
        if (action == FailureAction.PARK && !parkedEvents.keepsEvents()) {
            throw new ConfigurationException("Follower " + name() + " is to park events that it cannot process, but its"
                    + " recorders keep none. Let it stop, or give it recorders that do.");
        }
        failureAction = action;
    }

    /**
     * Sets how often the processing of an event is tried that fails with what may pass by itself: a lock that was not free in time,
     * transactions in each other's way, a conflict with another writer. To be called while the follower is made; without it, 5. What is
     * about the moment ({@link dev.eventsourcing.persistence.FailureKind#MOMENT}) is tried without limit where a runner lets the
     * follower follow.
     *
     * @param times from 1 to 1,000
     * @throws ConfigurationException if it is another number
     */
    protected final void attempts(int times) {
        if (times < 1 || times > MOST_ATTEMPTS) {
            throw new ConfigurationException(
                    times + " attempts cannot be made. Give a number from 1 to " + MOST_ATTEMPTS + ".");
        }
        attempts = times;
    }

    /**
     * Sets what decides what a failure is about, and with it how often it is tried again, and whether an event is parked for it; to be
     * called while the follower is made. Without it, {@link RetryPolicy#DEFAULT}.
     */
    protected final void retryPolicy(RetryPolicy policy) {
        retryPolicy = policy;
    }

    /**
     * Sets how many events this follower parks before it stops with a {@link ParkingLimitException}: where nearly all fail, the cause is
     * probably not the events. To be called while the follower is made; without it, 5 in a row or more than 10 % of the last 100. Events
     * behind a parked one of their aggregate do not count, nor do those that were retried with success or dropped. {@link Runner#resume}
     * has this process count anew. A dry run does not look at the limit.
     *
     * @param inARow how many events of different aggregates may not fail one after the other; from 2 to 100, or 0 for no such limit
     * @param percent the largest share of the last 100 events; from 1 to 100, or 0 for no such limit
     * @throws ConfigurationException if it is another number
     */
    protected final void parkingLimit(int inARow, int percent) {
        parkingLimit = new ParkingLimit(inARow, percent);
    }

    /** The events that this follower has put aside, as it could not process them: to see, to retry and to drop them. */
    public final Parking parking() {
        return new Parking(this);
    }

    /** Follows an application of this process, or one that stands for another process's by its name and recorders. */
    public final void follow(Application leader) {
        upstreams.put(leader.name(), Upstream.of(leader, declared.get(leader.name())));
    }

    /**
     * Follows an application of another program by its log, such as one that is read over HTTP. What the follower knows of its
     * events it must have declared with {@link #follows}; all others pass by. Nobody tells it when something was recorded: call
     * {@link #pullAndProcess} from time to time.
     *
     * @param leader the application's name, under which the follower's position is kept
     * @throws ConfigurationException if nothing was declared
     */
    public final void follow(String leader, NotificationLog log) {
        follow(leader, log, StateFormat.json());
    }

    /**
     * The same for an application that does not write its events as plain JSON. The settings of an application of the leader's
     * name go before it here as they do there: so {@code eventsourcing.TrainingSchool.cipher-keys} has the keys to read with.
     *
     * @param format the leader's, with the modules and keys that it has, and the upcasting steps that its older events need
     * @throws ConfigurationException if nothing was declared
     */
    public final void follow(String leader, NotificationLog log, StateFormat format) {
        Topics known = declared.get(ApplicationName.requireValid(leader));
        if (known == null) {
            throw new ConfigurationException("Follower " + name() + " has not declared which events of " + leader
                    + " it processes, and the log of another program does not tell their types. Call follows(\""
                    + leader
                    + "\", ...) in its constructor.");
        }
        upstreams.put(
                leader,
                Upstream.of(
                        leader,
                        log,
                        transactions(),
                        new EventCodec(leader, known, format.configured(settings.forApplication(leader)))));
    }

    /**
     * Waits until this follower, in whatever process it is at work, has processed what a leader has recorded up to a notification, or
     * passed it by; for those who want to read what came of what they wrote. It does not process itself: somebody else has to, as a
     * runner does. The position is looked at from time to time, at least every 50 ms.
     *
     * @param leader the name of an application that this one {@linkplain #follow follows}
     * @param notificationId the last notification that is waited for; nobody waits for 0 or less
     * @param timeout how long at most; zero to look once
     * @throws FollowerBehindException if it has not come so far in time, or, at once, if it has parked the notification
     * @throws LogMismatchException if the position belongs to another log: the leader's was put back to an older state, so the
     *     notification may be one that this follower has not seen
     * @throws ConfigurationException if the leader is not followed, the timeout is below zero, or the thread is in a transaction, which
     *     would wait for itself
     * @throws dev.eventsourcing.persistence.PersistenceException if the position cannot be read
     * @throws dev.eventsourcing.domain.EventSourcingException if the thread is interrupted, which it stays
     */
    public final void waitUntil(String leader, long notificationId, Duration timeout) {
        new PositionWait(this, upstream(leader), timeout)
                .until(notificationId < 1 ? new TreeSet<>() : new TreeSet<>(List.of(notificationId)));
    }

    /**
     * The same for all that a save of the leader's has recorded: {@code board.waitUntil("TrainingSchool", school.save(dog), timeout)}.
     * If nothing was recorded, nobody waits.
     */
    public final void waitUntil(String leader, List<Recording> recordings, Duration timeout) {
        new PositionWait(this, upstream(leader), timeout)
                .until(recordings.stream()
                        .map(recording -> recording.notification().id())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /**
     * Processes what a leader has recorded up to now and this follower has not processed yet. Where an append is open that may
     * yet record an event below, it is waited for, for 1 s; then what is above is left, and logged, with those who are open.
     *
     * @param leader the name of an application that this one {@linkplain #follow follows}
     * @return how many events were processed
     * @throws EventProcessingException if an event cannot be processed; those before it stay processed. If the thread is interrupted
     *     while a policy works, the batch is left to the next call, nothing is parked, and the thread stays interrupted.
     * @throws dev.eventsourcing.persistence.PersistenceException if the log or the position cannot be read; a {@link
     *     LogMismatchException} if the log is not the one that the position belongs to
     * @throws ConfigurationException if the leader is not followed, or the thread is in a transaction: a policy that failed in it
     *     could not be undone on its own, and nothing is waited for in one
     */
    public final long pullAndProcess(String leader) {
        if (transactions().active() || upstream(leader).transactions().active()) {
            throw new ConfigurationException("Follower " + name() + " cannot process in a transaction. Let it process"
                    + " outside of one; it opens its own.");
        }
        Pull.Terms terms = new Pull.Terms(batchSize, Long.MAX_VALUE, true, Pace.UNHURRIED, PullListener.NOBODY);
        Progress progress;
        try {
            progress = catchUp(leader, terms, Patience.OF_A_PASS);
        } catch (Throwable e) {
            Thrown.restoreInterruption(e);
            throw e;
        }
        if (!progress.isComplete()) {
            LOG.warn(
                    "Follower {} has come to {} in the log of {}. What is above, up to {}, is left until appends have ended that"
                            + " were open before: {}",
                    name(),
                    progress.reached(),
                    leader,
                    progress.target(),
                    upstream(leader).log().openAppends());
        }
        return progress.processed();
    }

    /**
     * Accepts that the log of a leader is another one than this follower has processed, or misses events, and lets the follower process
     * what is recorded from now on; for an operator who has seen a {@link LogMismatchException} and knows that no event would be skipped,
     * as where events were deleted on purpose. The position stays, unless the log ends below; then it is the end of the log. A follower
     * that a runner has stopped needs to be resumed.
     *
     * @param leader the name of an application that this one {@linkplain #follow follows}
     * @throws ConfigurationException if the leader is not followed, or the thread is in a transaction
     * @throws dev.eventsourcing.persistence.PersistenceException if the log cannot be read, the position cannot be written, or appends
     *     are open at the end of a log that ends below the position
     */
    public final void acceptLog(String leader) {
        Upstream upstream = upstream(leader);
        if (transactions().active() || upstream.transactions().active()) {
            throw new ConfigurationException("Follower " + name() + " cannot accept the log of " + leader
                    + " in a transaction. Call this outside of one; it opens its own.");
        }
        new Turn(this, leader, Turn.LONGEST_PAUSE).<Boolean>take(position -> {
            if (position != null) {
                Tracking accepting = new LogCheck(this, upstream).accepting(position);
                transactions().required(() -> recorder.insertEvents(List.of(), accepting));
                place(leader).moved(accepting.position());
            }
            return position != null;
        });
    }

    /** The same on other terms. */
    final Progress catchUp(String leader, Pull.Terms terms, Duration patience) {
        return new CatchUp(this, leader, terms, patience).run();
    }

    /** Passes once over a leader's log, from the position to the end. */
    final Progress pass(String leader, Pull.Terms terms) {
        return new Pull(this, upstream(leader), place(leader), terms).run();
    }

    /** The position in a leader's log, once all is checked that a pass checks before it processes. Changes nothing. */
    final @Nullable Position checkedPosition(String leader, LogEnd end) {
        Pull.Terms terms = new Pull.Terms(batchSize, Long.MAX_VALUE, false, Pace.UNHURRIED, PullListener.NOBODY);
        return new Pull(this, upstream(leader), new Place(), terms).checkedPosition(end);
    }

    /**
     * Puts an event aside that could not be processed, and moves the position behind it.
     *
     * @throws ParkingLimitException if too many are
     */
    final void park(EventProcessingException failed, int times, Pull.Terms terms) {
        if (!Rehearsal.isOn()) {
            parkingLimit.requireBelow(this, upstream(failed.leader()), failed);
        }
        new Pull(this, upstream(failed.leader()), place(failed.leader()), terms).park(failed, times);
    }

    /** Waits until what a leader has recorded may be read, as far as patience goes. */
    final void awaitReadable(String leader, Duration patience, Pace pace) {
        CatchUp.awaitReadable(this, leader, patience, pace);
    }

    /** The names of those that this follower follows, in the order in which it was told to. */
    final List<String> leaders() {
        synchronized (upstreams) {
            return List.copyOf(upstreams.keySet());
        }
    }

    Place place(String leader) {
        Map<String, Place> rehearsed = rehearsedPlaces.get();
        return (rehearsed == null ? places : rehearsed).computeIfAbsent(leader, name -> new Place());
    }

    /** Does work in a rehearsal of this thread, whose places are its own: those of this process stay as they are. */
    final <T> T rehearsing(Map<String, Place> own, Supplier<T> work) {
        rehearsedPlaces.set(own);
        try {
            return work.get();
        } finally {
            rehearsedPlaces.remove();
        }
    }

    SharedStore sharedStore() {
        return sharedStore;
    }

    ParkedEvents parkedEvents() {
        return parkedEvents;
    }

    FailureAction failureAction() {
        return failureAction;
    }

    RetryPolicy retryPolicy() {
        return retryPolicy;
    }

    int attempts() {
        return attempts;
    }

    /** Takes note of what has stopped it in this process; null if it goes on. */
    final void stoppedBy(@Nullable EventSourcingException failure) {
        stoppedBy = failure;
    }

    /** What has stopped it in this process; null if nothing has. */
    final @Nullable EventSourcingException stoppedBy() {
        return stoppedBy;
    }

    /** Takes note of the policy that works now, in whichever thread of this process; null if none does. */
    final void atWork(@Nullable WorkingPolicy policy) {
        atWork = policy;
    }

    /** The policy that works now in this process; null if none does. Those of dry runs do not count. */
    final @Nullable WorkingPolicy atWork() {
        return atWork;
    }

    BatchSize batchSize() {
        return batchSize;
    }

    BatchRecorder recorder() {
        return recorder;
    }

    ReentrantLock processing() {
        return processing;
    }

    /** Makes {@link #requireStillRecorded} known to the package. */
    final void check(Optional<? extends DomainEvent<?>> unconfirmed) {
        requireStillRecorded(unconfirmed);
    }

    @Override
    protected final boolean readsInDoubt(StoredEvent last) {
        return Rehearsal.hasRecorded(name(), last)
                || recorder.batch().map(batch -> batch.readsInDoubt(last)).orElseGet(() -> super.readsInDoubt(last));
    }

    /** In a batch that is what the batch has loaded, or was given to collect. */
    @Override
    protected final Optional<Aggregate<?>> atHand(UUID id) {
        return recorder.batch().flatMap(batch -> batch.atHand(id));
    }

    @Override
    protected final void keepAtHand(Aggregate<?> aggregate) {
        recorder.batch().ifPresent(batch -> batch.keepAtHand(aggregate));
    }

    @Override
    protected final Optional<Versioned<?>> stateAtHand(StateRepository<?> repository, UUID id) {
        return recorder.batch().flatMap(batch -> batch.stateAtHand(repository, id));
    }

    @Override
    protected final void keepAtHand(StateRepository<?> repository, Versioned<?> state) {
        recorder.batch().ifPresent(batch -> batch.keepAtHand(repository, state));
    }

    @Override
    protected final List<StoredEvent> keptBack(UUID id, long version) {
        return recorder.batch().map(batch -> batch.stored(id, version)).orElse(List.of());
    }

    /** Makes {@link #takeDueSnapshots} known to the package. */
    final void snapshot(List<Recording> recordings) {
        takeDueSnapshots(recordings);
    }

    /** Makes {@link #tellRecorded} known to the package. */
    final void tell(List<Recording> recordings) {
        tellRecorded(recordings);
    }

    final Upstream upstream(String leader) {
        Upstream upstream = upstreams.get(leader);
        if (upstream == null) {
            throw new ConfigurationException("Follower " + name() + " does not follow " + leader + ". It follows: "
                    + leaders().stream().sorted().toList()
                    + ". Take it from a runner of its system, which need not be started, or call follow(..).");
        }
        return upstream;
    }
}
