package dev.eventsourcing.application;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.domain.Topics;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.Recording;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an application has recorded, and then what it records, whoever does it: a loop over it gets each event once, in the order
 * of the log, waits where there is no more, and ends when the subscription is closed.
 *
 * <pre>
 * try (Subscription events = Subscription.to(school).after(17).of(Dog.TrickAdded.class).open()) {
 *     for (Recording recording : events) {
 *         display.show(recording.event().payload());
 *     }
 * }
 * </pre>
 *
 * <p>It keeps no position: who goes on after a restart keeps the {@linkplain Notification#id id} of the last event that was dealt
 * with. To change tables of one's own exactly once there are followers.
 *
 * <p>Events are read in pages of at most {@value NotificationSelection#DEFAULT_LIMIT}, each when the one before has been taken, so that
 * memory does not grow, however slow the loop is. What this process commits is noticed at once; what others commit, and what this
 * one commits in a session that the user opened, within 100 ms. An append that is open holds back what was recorded behind it.
 *
 * <p>One thread at a time takes events; any may close.
 */
public final class Subscription implements Iterable<Recording>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    private final Application application;
    private final NotificationSelection selection;
    private final Pauses pauses;
    private final AutoCloseable prompting;
    private final Iterator<Recording> events;
    /** Has an element where somebody is to stop waiting and to look. */
    private final BlockingQueue<Boolean> prompt = new ArrayBlockingQueue<>(1);

    private volatile boolean closed;

    private Subscription(Application application, NotificationSelection selection, Pauses pauses) {
        this.application = application;
        this.selection = selection;
        this.pauses = pauses;
        this.events = new Events();
        this.prompting = application.onRecorded(recordings -> prompt.offer(true));
    }

    /** The terms of a subscription to all that an application records, from the first event on. */
    public static Terms to(Application application) {
        return new Terms(application, 0, Set.of(), Pauses.DEFAULT);
    }

    /**
     * The events. {@link Iterator#hasNext} waits until there is one, and is false once the subscription is closed; {@link
     * Iterator#next} waits too. There is one iterator: a second loop goes on where the first one stopped.
     *
     * <p>What may pass, as a database that is started again, is waited for, and logged once. All else is thrown, as it is by a log: an
     * event that cannot be decoded, a {@linkplain PersistenceException failure} that does not pass, a log that ends below the
     * position. Nothing is skipped then: who asks again gets the same event, or the same error. A thread that is interrupted
     * while it waits gets an {@link EventSourcingException}, and stays interrupted.
     *
     * @return an iterator that throws {@link ConfigurationException} in a transaction of the application's, where it could
     *     neither see what comes nor wait without keeping others from recording
     */
    @Override
    public Iterator<Recording> iterator() {
        return events;
    }

    /** Ends the loop, be it waiting or not, at the next event; a read of the database that is under way ends first. */
    @Override
    public void close() {
        closed = true;
        prompt.offer(true);
        try {
            prompting.close();
        } catch (Exception e) {
            throw new AssertionError("Taking a listener away fails for nobody", e);
        }
    }

    /** What to subscribe to. Immutable, and safe for use by several threads. */
    public static final class Terms {
        private final Application application;
        private final long after;
        private final Set<Class<?>> types;
        private final Pauses pauses;

        private Terms(Application application, long after, Set<Class<?>> types, Pauses pauses) {
            this.application = application;
            this.after = after;
            this.types = types;
            this.pauses = pauses;
        }

        /** The same from behind an id on; 0 or less for all. */
        public Terms after(long notificationId) {
            return new Terms(application, notificationId, types, pauses);
        }

        /**
         * The same of these types only, besides those that were named before. The others are not read; but one whose topic the
         * application does not know any more is an error, and not passed by.
         *
         * @param eventType a type of events; a sealed one stands for all that it permits
         * @throws ConfigurationException if the application does not know a type
         */
        public Terms of(Class<?> eventType, Class<?>... moreEventTypes) {
            Set<Class<?>> all = new HashSet<>(types);
            all.addAll(Topics.concreteTypes(List.of(eventType)));
            all.addAll(Topics.concreteTypes(Arrays.asList(moreEventTypes)));
            all.forEach(application.codec().topics()::topicOf);
            return new Terms(application, after, Set.copyOf(all), pauses);
        }

        /** The same, looking for what others record after so long, and then after twice as long each time, up to the longest. */
        Terms pauses(Duration shortest, Duration longest) {
            return new Terms(application, after, types, new Pauses(shortest, longest));
        }

        /** Subscribes. Nothing is read yet, so this may be done anywhere; what is opened is to be closed. */
        public Subscription open() {
            NotificationSelection all = NotificationSelection.after(after);
            return new Subscription(application, all.exceptTopics(passedBy()), pauses);
        }

        /** The topics of all other types, former topics included. */
        private Set<String> passedBy() {
            Topics known = application.codec().topics();
            Set<String> passedBy = new HashSet<>(known.names());
            passedBy.removeIf(topic -> types.isEmpty()
                    || known.typeOf(topic).filter(types::contains).isPresent());
            return passedBy;
        }
    }

    /** Where the loop is. */
    private final class Events implements Iterator<Recording> {
        private final NotificationLog log = application.notificationLog();
        private List<Notification> page = List.of();
        private int next;
        private long position = Math.max(0, selection.after());
        private LogEnd end = new LogEnd(0, 0);
        private Duration pause = pauses.shortest();
        private boolean promised;
        private boolean failing;

        @Override
        public boolean hasNext() {
            // Who was told that there is one gets it, even if somebody closes in between.
            while (!promised && !closed) {
                requireNoTransaction();
                prompt.clear();
                if (next < page.size() || !closed && read()) {
                    promised = next < page.size();
                } else if (!closed) {
                    await();
                }
            }
            return promised;
        }

        @Override
        public Recording next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Notification notification = page.get(next);
            Recording recording = new Recording(application.codec().decode(notification), notification);
            next++;
            promised = false;
            return recording;
        }

        /** Whether the position moved; with it, there may be events. */
        private boolean read() {
            try {
                boolean moved = position < readable() && readPage();
                failing = false;
                return moved;
            } catch (PersistenceException e) {
                if (closed) {
                    // The database was closed with it.
                    return false;
                }
                if (!e.isTransient()) {
                    throw e;
                }
                if (!failing) {
                    LOG.warn(
                            "The log of {} cannot be read after {}; this is tried again until it can.",
                            application.name(),
                            position,
                            e);
                }
                failing = true;
                return false;
            }
        }

        /** Up to where the log may be read, which is asked for again once all that is known to be there has been read. */
        private long readable() {
            if (position >= end.readable()) {
                end = log.end();
                if (position > end.recorded()) {
                    throw new PersistenceException(
                            "The log of " + application.name() + " is read after " + position + ", and ends at "
                                    + end.recorded()
                                    + ": it is another log, or was put back to an older state. Subscribe after"
                                    + " an id that is one of this log.",
                            null);
                }
            }
            return end.readable();
        }

        private boolean readPage() {
            NotificationPage read = log.selectPage(new NotificationSelection(
                    position, end.readable(), selection.topics(), selection.except(), selection.limit()));
            long reached = Math.min(end.readable(), read.upTo());
            if (reached <= position) {
                // What was known of open appends is not known any more: ask again.
                end = new LogEnd(position, end.recorded());
                return false;
            }
            page = read.notifications();
            next = 0;
            position = reached;
            pause = pauses.shortest();
            return true;
        }

        private void await() {
            try {
                boolean prompted = prompt.poll(pause.toMillis(), TimeUnit.MILLISECONDS) != null;
                pause = prompted ? pauses.shortest() : pauses.behind(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new EventSourcingException(
                        "Interrupted while waiting for events of " + application.name() + " after " + position, e);
            }
        }

        private void requireNoTransaction() {
            if (application.transactions().active()) {
                throw new ConfigurationException("The log of " + application.name()
                        + " is not subscribed to in a transaction: it would not see what comes, and waiting would keep"
                        + " others from recording. Take events outside of one, and open one for each.");
            }
        }
    }

    /** How long to wait before the log is looked at again: longer each time, while nothing is there. */
    private record Pauses(Duration shortest, Duration longest) {
        static final Pauses DEFAULT = new Pauses(Duration.ofMillis(10), Duration.ofMillis(100));

        Duration behind(Duration pause) {
            Duration twice = pause.multipliedBy(2);
            return twice.compareTo(longest) < 0 ? twice : longest;
        }
    }
}
