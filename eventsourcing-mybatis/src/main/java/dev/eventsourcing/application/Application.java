package dev.eventsourcing.application;

import dev.eventsourcing.domain.Aggregate;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.domain.Topics;
import dev.eventsourcing.persistence.ApplicationName;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.EventCodec;
import dev.eventsourcing.persistence.EventStore;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.StateFormat;
import dev.eventsourcing.persistence.Transactions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
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
    private final EventCodec codec;
    private final EventStore events;
    private final NotificationLog log;
    private final List<Consumer<List<Recording>>> listeners = new CopyOnWriteArrayList<>();

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
        this.recorders = recorders;
        this.transactions = recorders.transactions();
        this.codec = new EventCodec(this.name, new Topics(), format);
        ApplicationRecorder recorder = recorders.applicationRecorder(this.name);
        this.events = new EventStore(recorder, codec);
        this.log = new RecordedNotificationLog(recorder);
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

    /** What brings the tables up to date in which this application's events are kept; empty if they are kept in none. */
    public final Optional<Migrations> migrations() {
        return recorders.migrations();
    }

    /**
     * Makes a repository; to be called while the application is made, as in the initialiser of a field. Event types are those
     * of the aggregate's type argument.
     *
     * @param aggregateClass the kind of aggregate, for error messages and to find its event types
     * @param empty makes an aggregate of an id that nothing has happened to yet
     * @throws dev.eventsourcing.domain.ConfigurationException if the event types cannot be found, or two have one topic
     */
    protected final <A extends Aggregate<?>> Repository<A> repository(
            Class<A> aggregateClass, Function<UUID, A> empty) {
        return repository(aggregateClass, empty, Topics.eventTypesOf(aggregateClass));
    }

    /**
     * Makes a repository of aggregates whose event types are listed by hand; a sealed type stands for all that it permits.
     *
     * @throws dev.eventsourcing.domain.ConfigurationException if two types have one topic
     */
    protected final <A extends Aggregate<?>> Repository<A> repository(
            Class<A> aggregateClass, Function<UUID, A> empty, Class<?> eventType, Class<?>... moreEventTypes) {
        List<Class<?>> listed = new ArrayList<>(Arrays.asList(moreEventTypes));
        listed.add(0, eventType);
        return repository(aggregateClass, empty, Topics.concreteTypes(listed));
    }

    private <A extends Aggregate<?>> Repository<A> repository(
            Class<A> aggregateClass, Function<UUID, A> empty, Set<Class<?>> eventTypes) {
        codec.topics().register(eventTypes);
        return new Repository<>(this, events, aggregateClass, eventTypes, empty);
    }

    /**
     * Records what has happened to the aggregates since they were read or saved, all of it or nothing: in the thread's
     * transaction, or in one of its own.
     *
     * @return a recording for each event, in the order of the arguments; none if nothing happened
     * @throws RecordConflictException if another writer was faster. The aggregates are then unusable; get them again.
     * @throws dev.eventsourcing.persistence.PersistenceException if recording fails; the aggregates are then unusable
     * @throws dev.eventsourcing.domain.UnusableAggregateException if one was unusable before
     */
    public final List<Recording> save(Aggregate<?>... aggregates) {
        Set<Aggregate<?>> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        List<DomainEvent<?>> pending = new ArrayList<>();
        List<Recording> recordings;
        boolean joined = transactions.active();
        try {
            for (Aggregate<?> aggregate : aggregates) {
                if (distinct.add(aggregate)) {
                    requireStillRecorded(aggregate);
                    pending.addAll(aggregate.collectEvents());
                }
            }
            recordings = events.put(pending);
        } catch (RuntimeException | Error e) {
            distinct.forEach(aggregate -> aggregate.markUnusable(e));
            throw e;
        }
        if (joined) {
            // Not confirmed even then: a container may report a commit that the server made a rollback. A check when
            // they are
            // saved again costs one read.
            transactions.afterCommit(() -> tellRecorded(recordings));
        } else {
            distinct.forEach(Aggregate::confirmRecorded);
            tellRecorded(recordings);
        }
        return recordings;
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

    /** Tells the listeners; for subclasses that record other than with {@link #save}. Does nothing if nothing was recorded. */
    protected final void tellRecorded(List<Recording> recordings) {
        if (recordings.isEmpty()) {
            return;
        }
        for (Consumer<List<Recording>> listener : listeners) {
            try {
                listener.accept(recordings);
            } catch (RuntimeException | Error e) {
                LOG.error("A listener of application {} failed; what was recorded stays recorded.", name, e);
            }
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

    /** Whether what is read now may be undone, as it is read in a transaction that somebody else ends. */
    protected boolean readsInDoubt() {
        return transactions.active();
    }

    /**
     * Checks an aggregate before its events are collected. One that was saved in a transaction whose end is not certain may have
     * been saved in vain, and its next event would be recorded behind a gap. For subclasses that record other than with {@link
     * #save}.
     *
     * @throws RecordConflictException if what was saved of it is not recorded
     */
    protected final void requireStillRecorded(Aggregate<?> aggregate) {
        aggregate.unconfirmedEvent().ifPresent(event -> {
            if (!events.contains(event)) {
                throw new RecordConflictException(
                        "Version " + event.originatorVersion() + " of " + event.originatorId()
                                + " was saved, or read, in a transaction that was rolled back. Get the aggregate again and repeat the"
                                + " command.",
                        null);
            }
        });
    }
}
