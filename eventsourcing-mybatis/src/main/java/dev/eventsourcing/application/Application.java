package dev.eventsourcing.application;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Projector;
import dev.eventsourcing.domain.Recordable;
import dev.eventsourcing.domain.Topics;
import dev.eventsourcing.domain.Versioned;
import dev.eventsourcing.domain.errors.Listeners;
import dev.eventsourcing.persistence.ApplicationName;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.EventCodec;
import dev.eventsourcing.persistence.EventStore;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecordConflictException.Candidate;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.Rehearsal;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.StateFormat;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Transactions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a program does with aggregates: methods of a subclass get them from repositories, have them do something, and save
 * them. An application has a name, under which all that it records is kept; another name is another store.
 *
 * <p>Making one asks nothing of the database. Safe for use by several threads, if the subclass is.
 */
public abstract class Application {
    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    private final String name;
    private final RecorderFactory recorders;
    private final Transactions transactions;
    private final StateFormat format;
    private final EventCodec codec;
    private final StateSettings settings;
    private final EventStore events;
    private final SnapshotStore snapshots;
    private final List<Repository<?>> repositories = new CopyOnWriteArrayList<>();
    private final NotificationLog log;
    private final List<Consumer<List<Recording>>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<List<Recording>>> listenersOfSaves = new CopyOnWriteArrayList<>();

    /**
     * Makes an application that is named as its class, without the package.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if the name cannot be used
     */
    protected Application(RecorderFactory recorders) {
        this("", recorders, StateFormat.json());
    }

    /**
     * Makes an application with a name that stays when the class is renamed.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if the name cannot be used
     */
    protected Application(String name, RecorderFactory recorders) {
        this(ApplicationName.requireValid(name), recorders, StateFormat.json());
    }

    /**
     * Makes an application whose events are written and read in another way than plain JSON.
     *
     * @param name the application's name; empty to take that of the class
     * @throws dev.eventsourcing.domain.ConfigurationException if the name cannot be used
     */
    protected Application(String name, RecorderFactory recorders, StateFormat format) {
        this.name = ApplicationName.requireValid(name.isEmpty() ? getClass().getSimpleName() : name);
        this.recorders = recorders.forApplication(this.name).rehearsable();
        this.transactions = this.recorders.transactions();
        this.format = format;
        Settings own = this.recorders.settings().forApplication(this.name);
        this.codec = new EventCodec(this.name, new Topics(), format.configured(own));
        this.settings = StateSettings.of(own);
        ApplicationRecorder recorder = this.recorders.applicationRecorder(this.name);
        this.events = new EventStore(recorder, codec);
        this.snapshots = new SnapshotStore(
                this.name, this.recorders.snapshotRecorder(this.name), codec.forSnapshots(new Topics()), settings);
        this.log = new RecordedNotificationLog(recorder, this.recorders.sharedStore());
    }

    /** The name under which everything is kept. */
    public final String name() {
        return name;
    }

    /** What this application has recorded. */
    public final NotificationLog notificationLog() {
        return log;
    }

    /** What turns this application's events into what is stored. */
    public final EventCodec codec() {
        return codec;
    }

    /** The transactions that this application's work takes part in. */
    public final Transactions transactions() {
        return transactions;
    }

    /**
     * What holds of every setting for this application, as a table for people: key, value, and where the value comes from. Secrets
     * are masked.
     */
    public final String configuration() {
        Map<String, String> said = new HashMap<>(format.saidInCode());
        repositories.forEach(repository -> repository
                .saidInCode()
                .forEach((key, value) -> said.merge(key, value, (one, other) -> one + ", " + other)));
        return recorders.settings().forApplication(name).describe(said);
    }

    /** What brings the tables up to date in which this application's events are kept; empty if they are kept in none. */
    public final Optional<Migrations> migrations() {
        return recorders.migrations();
    }

    /**
     * Makes a repository of a mutable aggregate; to be called while the application is made, as in the initialiser of a field.
     * Event types are those of the aggregate's type argument.
     *
     * @param aggregateClass the kind of aggregate, for error messages and to find its event types
     * @param empty makes an aggregate of an id that nothing has happened to yet
     * @throws dev.eventsourcing.domain.ConfigurationException if the event types cannot be found, or two have one topic
     */
    protected final <A extends Aggregate<?>> AggregateRepository<A> repository(
            Class<A> aggregateClass, Function<UUID, A> empty) {
        Set<Class<?>> eventTypes = Topics.eventTypesOf(aggregateClass);
        return new AggregateRepository<>(source(aggregateClass, eventTypes), aggregateClass, empty);
    }

    /**
     * Makes a repository of aggregates whose event types are listed by hand; a sealed type stands for all that it permits.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if two types have one topic
     */
    protected final <A extends Aggregate<?>> AggregateRepository<A> repository(
            Class<A> aggregateClass, Function<UUID, A> empty, Class<?> eventType, Class<?>... moreEventTypes) {
        Set<Class<?>> eventTypes = Topics.concreteTypes(listed(eventType, moreEventTypes));
        return new AggregateRepository<>(source(aggregateClass, eventTypes), aggregateClass, empty);
    }

    /**
     * Makes a repository of an immutable state; to be called while the application is made, as in the initialiser of a field.
     *
     * @param stateType the type of the state, for error messages and for its snapshots
     * @param eventType what can happen, best a sealed type, which stands for all that it permits
     * @param projector makes the state of the one before and of what happened
     * @throws dev.eventsourcing.domain.ConfigurationException if the event type is neither sealed nor a class, or two have one
     *     topic
     */
    protected final <S, E> StateRepository<S> repository(
            Class<S> stateType, Class<E> eventType, Projector<S, E> projector) {
        Set<Class<?>> eventTypes = Topics.concreteTypes(List.of(eventType));
        return new StateRepository<>(
                source(stateType, eventTypes),
                stateType,
                (state, event) -> projector.apply(state, eventType.cast(event)));
    }

    /**
     * Makes a repository of an immutable state whose event types, which have no type in common, are listed by hand.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if two types have one topic
     */
    protected final <S> StateRepository<S> repository(
            Class<S> stateType, Projector<S, Object> projector, Class<?> eventType, Class<?>... moreEventTypes) {
        Set<Class<?>> eventTypes = Topics.concreteTypes(listed(eventType, moreEventTypes));
        return new StateRepository<>(source(stateType, eventTypes), stateType, projector);
    }

    /**
     * Makes a log, a sequence of events that lead to no state; to be called while the application is made.
     *
     * @param id under which the events are kept; best a {@linkplain dev.eventsourcing.domain.NameBasedIds name-based} one
     * @param eventType what is logged; a sealed type stands for all that it permits
     * @throws dev.eventsourcing.domain.ConfigurationException if the event type is neither sealed nor a class, or two have one
     *     topic
     */
    protected final <E> EventSourcedLog<E> log(UUID id, Class<E> eventType) {
        Set<Class<?>> eventTypes = Topics.concreteTypes(List.of(eventType));
        return new EventSourcedLog<>(source(eventType, eventTypes), id, eventType);
    }

    private static List<Class<?>> listed(Class<?> eventType, Class<?>... moreEventTypes) {
        List<Class<?>> listed = new ArrayList<>(Arrays.asList(moreEventTypes));
        listed.add(0, eventType);
        return listed;
    }

    private RepositorySource source(Class<?> type, Set<Class<?>> eventTypes) {
        codec.registerWritten(eventTypes);
        snapshots.requireOtherTopics(codec.topics());
        return new RepositorySource(this, events, type.getSimpleName(), eventTypes, Void.class, Optional.empty());
    }

    /** What settings say of snapshots and caches. */
    final StateSettings settings() {
        return settings;
    }

    /** The snapshots of a state's type. */
    final SnapshotStore snapshotsOf(Class<?> stateType) {
        snapshots.register(stateType, codec.topics());
        return snapshots;
    }

    /** Takes a repository that a more precise one takes the place of. */
    final <R extends Repository<?>> R replace(Repository<?> former, R latter) {
        repositories.remove(former);
        repositories.add(latter);
        return latter;
    }

    /**
     * Records what has happened to the aggregates since they were read or saved, and events that stand alone, all of it or
     * nothing: in the thread's transaction, or in one of its own. What else belongs into that transaction, such as rows of the
     * user's, is done beside the save in {@code transactions().required(..)}.
     *
     * @return a recording for each event, in the order of the arguments; none if nothing happened
     * @throws RecordConflictException if another writer was faster, or something new exists already. The aggregates are then
     *     unusable; get them again.
     * @throws dev.eventsourcing.persistence.PersistenceException if recording fails; the aggregates are then unusable
     * @throws dev.eventsourcing.domain.UnusableAggregateException if one was unusable before
     */
    public final List<Recording> save(Recordable... changed) {
        return save(Arrays.asList(changed));
    }

    /** The same for a collection, in its order. See {@link #save(Recordable...)}. */
    public final List<Recording> save(Collection<? extends Recordable> changed) {
        Changes changes = new Changes();
        List<Recording> recordings;
        boolean joined = transactions.active();
        try {
            changed.forEach(recordable -> changes.add(recordable, this::requireStillRecorded));
            recordings = put(changes);
        } catch (Throwable e) {
            changes.markUnusable(e);
            throw e;
        }
        if (Rehearsal.isOn()) {
            // Nobody is told of it, and nothing is certain.
            return recordings;
        }
        if (joined) {
            // Not confirmed even then: a container may report a commit that the server made a rollback. A check when
            // they are saved again costs one read.
            transactions.afterCommit(() -> tellCommitted(recordings));
        } else {
            changes.confirm();
            tellRecorded(recordings);
            tell(listenersOfSaves, recordings);
        }
        return recordings;
    }

    private List<Recording> put(Changes changes) {
        try {
            return events.put(changes.events());
        } catch (RecordConflictException e) {
            throw changes.conflict(name, e);
        }
    }

    /**
     * Has something done after each commit of what this application has recorded in this process, by the thread that
     * committed. A listener is a wake-up and no more: what was recorded elsewhere, or in a session of the user's, it does not
     * hear of.
     *
     * @return takes the listener away again
     */
    public final AutoCloseable onRecorded(Consumer<List<Recording>> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Has something done after each save that was a transaction of its own, by the thread that saved, once the listeners of {@link
     * #onRecorded} have been told. Who listens here may keep that thread waiting: it is in no transaction of this application.
     *
     * @return takes the listener away again
     */
    public final AutoCloseable onSaved(Consumer<List<Recording>> listener) {
        listenersOfSaves.add(listener);
        return () -> listenersOfSaves.remove(listener);
    }

    /**
     * Takes the snapshots that are due, and tells the listeners; for subclasses that record other than with {@link #save}, to be
     * called after the commit. Does nothing if nothing was recorded.
     */
    protected final void tellRecorded(List<Recording> recordings) {
        if (recordings.isEmpty()) {
            return;
        }
        takeDueSnapshots(recordings);
        tell(listeners, recordings);
    }

    /** The same in an action after the commit, by a thread that may still hold the connection of the transaction. */
    private void tellCommitted(List<Recording> recordings) {
        repositories.forEach(repository -> repository.takeDueSnapshotsInBackground(recordings));
        tell(listeners, recordings);
    }

    private void tell(List<Consumer<List<Recording>>> told, List<Recording> recordings) {
        if (recordings.isEmpty()) {
            return;
        }
        Listeners.callAll(
                told,
                listener -> listener.accept(recordings),
                e -> LOG.error("A listener of application {} failed; what was recorded stays recorded.", name, e));
    }

    /** Takes the snapshots that are due, and tells nobody; for subclasses that record other than with {@link #save}. */
    protected final void takeDueSnapshots(List<Recording> recordings) {
        repositories.forEach(repository -> repository.takeDueSnapshots(recordings));
    }

    /** Does something once the transaction in hand is committed; at once if there is none, never if nothing tells of the commit. */
    final void afterCommit(Runnable action) {
        if (Rehearsal.isOn()) {
            return;
        }
        if (transactions.active()) {
            transactions.afterCommit(action);
        } else {
            action.run();
        }
    }

    /**
     * The object that repositories give as the latest version of an aggregate, where it need not be read; none unless a subclass
     * keeps some.
     */
    protected Optional<Aggregate<?>> atHand(UUID id) {
        return Optional.empty();
    }

    /** Hears of the latest version of an aggregate, which a repository has read and is about to give. */
    protected void keepAtHand(Aggregate<?> aggregate) {}

    /**
     * The immutable state that this repository has read last of an originator, where nobody but this thread can have recorded
     * anything since; none unless a subclass keeps some.
     */
    protected Optional<Versioned<?>> stateAtHand(StateRepository<?> repository, UUID id) {
        return Optional.empty();
    }

    /** Hears of the latest state of an originator, which this repository has read and is about to give. */
    protected void keepAtHand(StateRepository<?> repository, Versioned<?> state) {}

    /** The events of an originator above a version that are to be recorded, and are not yet. */
    protected List<StoredEvent> keptBack(UUID id, long version) {
        return List.of();
    }

    /**
     * Whether what was read now may be undone, as it was read in a transaction that somebody else ends.
     *
     * @param last the last event that was read
     */
    protected boolean readsInDoubt(StoredEvent last) {
        return transactions.active() || Rehearsal.hasRecorded(name, last);
    }

    /**
     * Checks what is to be recorded behind an event whose fate was uncertain when it was read or saved: if that was in a
     * transaction which was rolled back, what is recorded behind it would be behind a gap. For subclasses that record other than
     * with {@link #save}.
     *
     * @param unconfirmed the event, if there is one
     * @throws RecordConflictException if it is not recorded
     */
    protected final void requireStillRecorded(Optional<? extends DomainEvent<?>> unconfirmed) {
        unconfirmed.ifPresent(event -> {
            if (!events.contains(event)) {
                throw new RecordConflictException(
                        "Version " + event.originatorVersion() + " of " + event.originatorId()
                                + " was saved, or read, in a transaction that was rolled back. Get the aggregate again and repeat the"
                                + " command.",
                        List.of(new Candidate(event.originatorId(), event.originatorVersion(), false)),
                        null);
            }
        });
    }
}
