package dev.eventsourcing.testing;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.Backlog;
import dev.eventsourcing.persistence.FollowerLease;
import dev.eventsourcing.persistence.LogMark;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.SharedStore;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TrackingConflictException;
import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testing.BrokenRecorders.Delegate;
import dev.eventsourcing.testing.BrokenRecorders.ParkingDelegate;
import dev.eventsourcing.testing.BrokenRecorders.StoreDelegate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** A recorder that breaks a promise, and the case that is to find out. */
enum Mutant {
    STORES_WHAT_COMES_BEFORE_A_CONFLICT(
            "stores nothing of an insert that meets a conflict", whole -> new Delegate(whole) {
                @Override
                public List<Long> insertEvents(List<StoredEvent> events) {
                    List<Long> ids = new ArrayList<>();
                    // Each is an insert of its own.
                    events.forEach(event -> ids.addAll(super.insertEvents(List.of(event))));
                    return ids;
                }
            }),
    ACCEPTS_A_VERSION_TWICE_IN_ONE_INSERT(
            "refuses a version that comes twice in one insert", whole -> new Delegate(whole) {
                @Override
                public List<Long> insertEvents(List<StoredEvent> events) {
                    Map<List<?>, StoredEvent> distinct = new HashMap<>();
                    events.forEach(
                            event -> distinct.put(List.of(event.originatorId(), event.originatorVersion()), event));
                    return super.insertEvents(events.stream()
                            .filter(distinct::containsValue)
                            .distinct()
                            .toList());
                }
            }),
    PASSES_BY_WHAT_IS_RECORDED("refuses a version that is already recorded", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            return super.insertEvents(events.stream()
                    .filter(event -> selectEvents(
                                    event.originatorId(),
                                    VersionRange.after(event.originatorVersion() - 1)
                                            .upTo(event.originatorVersion()))
                            .isEmpty())
                    .toList());
        }
    }),
    NAMES_NO_CANDIDATES("names the lowest version of each originator in a conflict", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            try {
                return super.insertEvents(events);
            } catch (RecordConflictException e) {
                throw new RecordConflictException(String.valueOf(e.getMessage()), e);
            }
        }
    }),
    READS_IN_NO_ORDER("reads in order of version whatever the order of insertion", whole -> new Delegate(whole) {
        @Override
        public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
            List<StoredEvent> events = new ArrayList<>(super.selectEvents(originatorId, range));
            events.sort(Comparator.comparing(event -> -event.originatorVersion()));
            return events;
        }
    }),
    READS_EVERYTHING_WHEN_THE_LIMIT_IS_ZERO("reads nothing when the limit is zero", whole -> new Delegate(whole) {
        @Override
        public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
            return super.selectEvents(originatorId, range.limit() == 0 ? range.limit(Integer.MAX_VALUE) : range);
        }
    }),
    IGNORES_LIMITS("reads no more than the limit", whole -> new Delegate(whole) {
        @Override
        public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
            return super.selectEvents(originatorId, range.limit(Integer.MAX_VALUE));
        }
    }),
    READS_FROM_THE_VERSION_ITSELF("reads a range that is open below and closed above", whole -> new Delegate(whole) {
        @Override
        public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
            return super.selectEvents(
                    originatorId,
                    new VersionRange(Math.max(-1, range.after() - 1), range.upTo(), range.descending(), range.limit()));
        }
    }),
    LEAVES_VERSION_ZERO_OUT("accepts version zero", whole -> new Delegate(whole) {
        @Override
        public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
            return super.selectEvents(
                    originatorId,
                    new VersionRange(Math.max(0, range.after()), range.upTo(), range.descending(), range.limit()));
        }
    }),
    ALWAYS_READS_THE_LOWEST_FIRST("reads the highest version first when asked", whole -> new Delegate(whole) {
        @Override
        public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
            return super.selectEvents(
                    originatorId, new VersionRange(range.after(), range.upTo(), false, range.limit()));
        }
    }),
    CUTS_LONG_TOPICS("gives topics back whatever their letters and length", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            return super.insertEvents(events.stream()
                    .map(event -> new StoredEvent(
                            event.originatorId(),
                            event.originatorVersion(),
                            event.topic()
                                    .substring(0, Math.min(255, event.topic().length())),
                            event.state()))
                    .toList());
        }
    }),
    PADS_STATES("gives state back byte for byte", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            return super.insertEvents(events.stream()
                    .map(event -> new StoredEvent(
                            event.originatorId(),
                            event.originatorVersion(),
                            event.topic(),
                            Arrays.copyOf(event.state(), Math.max(1, event.state().length))))
                    .toList());
        }
    }),
    RETURNS_IDS_IN_ANOTHER_ORDER("returns an id for each event ascending in their order", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            List<Long> ids = new ArrayList<>(super.insertEvents(events));
            Collections.reverse(ids);
            return ids;
        }
    }),
    LOGS_IN_ORDER_OF_ORIGINATORS("returns an id for each event ascending in their order", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            return super.insertEvents(events.stream()
                    .sorted(Comparator.comparing(StoredEvent::originatorId))
                    .toList());
        }
    }),
    BEGINS_THE_LOG_AT_ZERO("starts the log at one", whole -> new Shifted(whole, -1)),
    COUNTS_THE_LIMIT_BEFORE_THE_TOPICS("counts the limit after the topics", whole -> new Delegate(whole) {
        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            NotificationPage all = super.selectPage(selection.topics(Set.of()).exceptTopics(Set.of()));
            return new NotificationPage(
                    all.notifications().stream()
                            .filter(notification -> selection.topics().isEmpty()
                                    || selection
                                            .topics()
                                            .contains(notification.event().topic()))
                            .toList(),
                    all.upTo());
        }
    }),
    IGNORES_TOPICS("reads only the topics that are asked for", whole -> new Delegate(whole) {
        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            return super.selectPage(selection.topics(Set.of()).exceptTopics(Set.of()));
        }
    }),
    READS_THE_LOG_FROM_THE_ID_ITSELF(
            "reads the log after an id that is excluded up to one that is included", whole -> new Delegate(whole) {
                @Override
                public NotificationPage selectPage(NotificationSelection selection) {
                    return super.selectPage(new NotificationSelection(
                            selection.after() - 1,
                            selection.upTo(),
                            selection.topics(),
                            selection.except(),
                            selection.limit()));
                }
            }),
    READS_THE_WHOLE_LOG_WHEN_THE_LIMIT_IS_ZERO(
            "reads nothing of the log when the limit is zero", whole -> new Delegate(whole) {
                @Override
                public NotificationPage selectPage(NotificationSelection selection) {
                    return super.selectPage(selection.limit() == 0 ? selection.limit(500) : selection);
                }
            }),
    MARKS_ONLY_WHAT_IS_SELECTED("marks the events of a page and of its ends", whole -> new Delegate(whole) {
        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            NotificationPage page = super.selectPage(selection);
            List<Long> ids = page.notifications().stream().map(Notification::id).toList();
            return new NotificationPage(
                    page.notifications(),
                    page.upTo(),
                    page.marks().stream()
                            .filter(mark -> ids.contains(mark.id()))
                            .toList());
        }
    }),
    KEEPS_THE_MARKS_OF_A_POSITION_BEFORE("keeps the marks of a position", whole -> new Delegate(whole) {
        private List<LogMark> last = List.of();

        @Override
        public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
            last = tracking.marks().isEmpty() ? last : tracking.marks();
            return super.insertEvents(events, tracking.marked(last));
        }
    }),
    KNOWS_AN_END_THAT_IS_NONE("has an empty log at first", whole -> new Delegate(whole) {
        @Override
        public OptionalLong maxNotificationId() {
            return OptionalLong.of(super.maxNotificationId().orElse(0));
        }
    }),
    KNOWS_THE_NUMBER_OF_EVENTS_ONLY("keeps the logs of applications apart", whole -> new Delegate(whole) {
        @Override
        public OptionalLong maxNotificationId() {
            int events = selectNotifications(NotificationSelection.after(0)).size();
            return events == 0 ? OptionalLong.empty() : OptionalLong.of(events);
        }
    }),
    MOVES_POSITIONS_WITHOUT_A_CHECK(
            "refuses a move from a position that is not the current one and the events with it",
            whole -> new Positioned(whole) {
                @Override
                public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
                    List<Long> ids = insertEvents(events);
                    moved.put(tracking.leader(), tracking.position());
                    return ids;
                }
            }),
    CHECKS_THE_NEW_POSITION_ONLY("refuses a move where there is no position yet", whole -> new Positioned(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
            if (hasTracked(tracking.leader(), tracking.notificationId())) {
                throw new TrackingConflictException("TrainingSchool Kennel", tracking.leader(), 0, null);
            }
            List<Long> ids = insertEvents(events);
            moved.put(tracking.leader(), tracking.position());
            return ids;
        }
    }),
    IGNORES_EPOCHS("refuses a move in another epoch", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
            Position expected = tracking.expected();
            return super.insertEvents(
                    events,
                    expected == null
                            ? tracking
                            : Tracking.after(
                                    tracking.leader(),
                                    new Position(expected.notificationId(), 0),
                                    tracking.notificationId()));
        }
    }),
    STORES_EVENTS_WHOSE_MOVE_IS_REFUSED(
            "refuses the same tracking twice and the events with it", whole -> new Delegate(whole) {
                @Override
                public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
                    List<Long> ids = super.insertEvents(events);
                    super.insertEvents(List.of(), tracking);
                    return ids;
                }
            }),
    KEEPS_POSITIONS_OUTSIDE_OF_TRANSACTIONS(
            "forgets the position of a transaction that threw", whole -> new Positioned(whole) {
                @Override
                public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
                    List<Long> ids = super.insertEvents(events, tracking);
                    moved.put(tracking.leader(), tracking.position());
                    return ids;
                }
            }),
    MOVES_THE_POSITION_OF_EVENTS_IN_CONFLICT(
            "keeps the position when the events meet a conflict", whole -> new Delegate(whole) {
                @Override
                public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
                    super.insertEvents(List.of(), tracking);
                    return super.insertEvents(events);
                }
            }),
    TAKES_LEADERS_FOR_ONE("keeps the positions of leaders and of followers apart", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
            return super.insertEvents(
                    events, new Tracking("one", tracking.expected(), tracking.notificationId(), tracking.epoch()));
        }

        @Override
        public Optional<Position> position(String leader) {
            return super.position("one");
        }
    }),
    TRACKS_WHAT_IS_BELOW_ONLY("has tracked what is at or below the position", whole -> new Delegate(whole) {
        @Override
        public boolean hasTracked(String leader, long notificationId) {
            return super.hasTracked(leader, notificationId + 1);
        }
    }),
    FORGETS_THE_LAST_EVENTS("moves the position with the last events of a transaction", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertLastEvents(List<StoredEvent> events, Tracking tracking) {
            return insertEvents(List.of(), tracking);
        }
    }),
    SWALLOWS_WHAT_THE_LAST_EVENTS_MET(
            "refuses the last events of a transaction that lost their position", whole -> new Delegate(whole) {
                @Override
                public List<Long> insertLastEvents(List<StoredEvent> events, Tracking tracking) {
                    try {
                        return insertEvents(events, tracking);
                    } catch (TrackingConflictException e) {
                        return List.of();
                    }
                }
            }),
    HIDES_AN_EVENT_AT_FIRST(
            "never shows a lower id after a higher one though the lower one is committed late",
            whole -> new Delegate(whole) {
                private boolean hidden;

                @Override
                public NotificationPage selectPage(NotificationSelection selection) {
                    NotificationPage page = super.selectPage(selection);
                    if (hidden || page.notifications().isEmpty()) {
                        return page;
                    }
                    hidden = true;
                    return new NotificationPage(
                            page.notifications().subList(1, page.notifications().size()), page.upTo());
                }
            }),
    LOSES_AN_EVENT_OF_MANY(
            "shows every event of ten writers to each reader once and in order", whole -> new Delegate(whole) {
                @Override
                public List<Long> insertEvents(List<StoredEvent> events) {
                    return super.insertEvents(events.stream()
                            .filter(event -> event.originatorVersion() != 1_777)
                            .toList());
                }
            }),
    LOSES_WHAT_IS_LOGGED_BEHIND_THE_HUNDREDTH("keeps the order of a long insert", whole -> new Delegate(whole) {
        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            return super.selectPage(selection.limit(Math.min(100, selection.limit())));
        }
    }),
    NEEDS_SOMETHING_TO_INSERT("inserts nothing when given nothing", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            return super.insertEvents(events.subList(0, Math.max(1, events.size())));
        }
    }),
    CUTS_VERSIONS("accepts the highest version", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            return super.insertEvents(events.stream()
                    .map(event -> new StoredEvent(
                            event.originatorId(), (int) event.originatorVersion(), event.topic(), event.state()))
                    .toList());
        }
    }),
    IGNORES_ORIGINATORS("has no events of an unknown originator", whole -> new Delegate(whole) {
        @Override
        public List<StoredEvent> selectEvents(UUID originatorId, VersionRange range) {
            return super.selectEvents(Subject.DOG, range);
        }
    }),
    COUNTS_EACH_INSERT_FROM_ONE("gives later inserts higher ids", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            return LongStream.rangeClosed(1, super.insertEvents(events).size())
                    .boxed()
                    .toList();
        }
    }),
    BEGINS_WITH_A_POSITION("has no position at first", whole -> new Delegate(whole) {
        @Override
        public Optional<Position> position(String leader) {
            return Optional.of(super.position(leader).orElse(new Position(0, 0)));
        }
    }),
    MOVES_THE_POSITION_WITH_EVERY_INSERT(
            "keeps the position when events are inserted without tracking", whole -> new Positioned(whole) {
                @Override
                public List<Long> insertEvents(List<StoredEvent> events) {
                    List<Long> ids = super.insertEvents(events);
                    moved.replaceAll((leader, position) -> new Position(position.notificationId() + 1, 0));
                    return ids;
                }

                @Override
                public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
                    List<Long> ids = super.insertEvents(events, tracking);
                    moved.put(tracking.leader(), tracking.position());
                    return ids;
                }
            }),
    MOVES_A_POSITION_ONCE("moves the position forward", whole -> new Positioned(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
            List<Long> ids = super.insertEvents(events, tracking);
            moved.putIfAbsent(tracking.leader(), tracking.position());
            return ids;
        }
    }),
    COUNTS_LEADERS_IN_BYTES("accepts leader names of the greatest length", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
            if (tracking.leader().getBytes(StandardCharsets.UTF_8).length > 128) {
                throw new ConfigurationException("Name is longer than 128 bytes");
            }
            return super.insertEvents(events, tracking);
        }
    }),
    STAYS_IN_ITS_EPOCH("moves the position into the next epoch", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
            Position expected = tracking.expected();
            return expected != null && expected.epoch() < tracking.epoch()
                    ? super.insertEvents(events)
                    : super.insertEvents(events, tracking);
        }
    }),
    FORGETS_THE_EVENTS_OF_A_NEW_EPOCH("stores events with a move into the next epoch", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
            return super.insertEvents(tracking.epoch() > 0 ? List.of() : events, tracking);
        }
    }),
    TAKES_ANY_EPOCH_FOR_THE_CURRENT_ONE("refuses a move from the epoch before", whole -> new Delegate(whole) {
        @Override
        public List<Long> insertEvents(List<StoredEvent> events, Tracking tracking) {
            Position expected = tracking.expected();
            Position current = position(tracking.leader()).orElse(expected);
            return expected == null || current == null || current.notificationId() != expected.notificationId()
                    ? super.insertEvents(events, tracking)
                    : super.insertEvents(
                            events,
                            new Tracking(
                                    tracking.leader(),
                                    current,
                                    tracking.notificationId(),
                                    current.epoch() + tracking.epoch() - expected.epoch()));
        }
    }),
    COUNTS_FROM_THE_ID_ITSELF("counts what is recorded behind an id", whole -> new Delegate(whole) {
        @Override
        public Optional<Backlog> backlog(long after) {
            return super.backlog(Math.max(0, after - 1));
        }
    }),
    TELLS_THE_AGE_OF_THE_LAST("tells the age of the first event behind an id", whole -> new Delegate(whole) {
        @Override
        public Optional<Backlog> backlog(long after) {
            Duration age = super.backlog(maxNotificationId().orElse(1) - 1)
                    .map(Backlog::age)
                    .orElseThrow();
            return super.backlog(after).map(backlog -> new Backlog(backlog.events(), age));
        }
    }),
    LEAVES_EMPTY_LOGS_OUT("tells the ends of several logs at once", sharing(whole -> new StoreDelegate(whole) {
        @Override
        public Map<String, Long> heads(Collection<String> applications) {
            Map<String, Long> heads = new HashMap<>(super.heads(applications));
            heads.values().removeIf(head -> head == 0);
            return heads;
        }
    })),
    GIVES_LEASES_TO_EVERYBODY("gives a lease to one process", sharing(whole -> new StoreDelegate(whole) {
        @Override
        public Set<String> takeLeases(String holder, Collection<String> followers, Duration time) {
            super.takeLeases(holder, followers, time);
            return Set.copyOf(followers);
        }
    })),
    LEAVES_LEASES_AS_THEY_ARE("prolongs the lease of its holder", sharing(whole -> new StoreDelegate(whole) {
        @Override
        public Set<String> takeLeases(String holder, Collection<String> followers, Duration time) {
            Set<String> had = leases(followers).stream()
                    .filter(lease -> lease.holder().equals(holder))
                    .map(FollowerLease::follower)
                    .collect(Collectors.toSet());
            had.addAll(super.takeLeases(
                    holder,
                    followers.stream()
                            .filter(follower -> !had.contains(follower))
                            .toList(),
                    time));
            return had;
        }
    })),
    NEVER_GIVES_A_LEASE_TO_ANOTHER("gives a lease that is over to another", sharing(whole -> new StoreDelegate(whole) {
        private final Map<String, String> first = new ConcurrentHashMap<>();

        @Override
        public Set<String> takeLeases(String holder, Collection<String> followers, Duration time) {
            return super.takeLeases(
                    holder,
                    followers.stream()
                            .filter(follower -> holder.equals(first.getOrDefault(follower, holder)))
                            .peek(follower -> first.put(follower, holder))
                            .toList(),
                    time);
        }
    })),
    TAKES_OVER_LEASES_THAT_ARE_RENEWED(
            "takes over a lease that is not renewed", sharing(whole -> new StoreDelegate(whole) {
                @Override
                public Set<String> takeOverLeases(String holder, Collection<FollowerLease> abandoned, Duration time) {
                    Set<String> followers =
                            abandoned.stream().map(FollowerLease::follower).collect(Collectors.toSet());
                    leases(followers).forEach(lease -> super.releaseLeases(lease.holder(), List.of(lease.follower())));
                    return super.takeLeases(holder, followers, time);
                }
            })),
    RELEASES_NO_LEASES("gives a lease that is released to another", sharing(whole -> new StoreDelegate(whole) {
        @Override
        public void releaseLeases(String holder, Collection<String> followers) {}
    })),
    RELEASES_LEASES_FOR_EVERYBODY("does not release the leases of others", sharing(whole -> new StoreDelegate(whole) {
        @Override
        public void releaseLeases(String holder, Collection<String> followers) {
            leases(followers).forEach(lease -> super.releaseLeases(lease.holder(), List.of(lease.follower())));
        }
    })),
    LOOKS_BEFORE_IT_TAKES("gives a lease to one of many who ask at once", sharing(whole -> new StoreDelegate(whole) {
        private final Map<Collection<String>, CountDownLatch> looking = new ConcurrentHashMap<>();

        @Override
        public Set<String> takeLeases(String holder, Collection<String> followers, Duration time) {
            if (!leases(followers).isEmpty()) {
                return super.takeLeases(holder, followers, time);
            }
            CountDownLatch two = looking.computeIfAbsent(followers, names -> new CountDownLatch(2));
            two.countDown();
            try {
                two.await(50, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            super.takeLeases(holder, followers, time);
            return Set.copyOf(followers);
        }
    })),
    TAKES_LEASES_AT_THE_COMMIT(
            "keeps leases whatever becomes of a transaction",
            () -> BrokenRecorders.sharing((whole, transactions) -> new StoreDelegate(whole) {
                @Override
                public Set<String> takeLeases(String holder, Collection<String> followers, Duration time) {
                    return transactions.afterCommit(() -> super.takeLeases(holder, followers, time))
                            ? Set.copyOf(followers)
                            : super.takeLeases(holder, followers, time);
                }
            })),
    CUTS_REASONS("gives back what was parked", parking(whole -> new ParkingDelegate(whole) {
        @Override
        public void park(Collection<ParkedEvent> events) {
            super.park(events.stream()
                    .map(event -> new ParkedEvent(
                            event.leader(),
                            event.notificationId(),
                            event.originatorId(),
                            event.originatorVersion(),
                            event.topic(),
                            event.reason()
                                    .substring(0, Math.min(255, event.reason().length())),
                            event.attempts(),
                            event.parkedAt()))
                    .toList());
        }
    })),
    COUNTS_THE_LAST_ATTEMPTS_ONLY(
            "adds up the attempts of an event that is parked again", parking(whole -> new ParkingDelegate(whole) {
                @Override
                public void park(Collection<ParkedEvent> events) {
                    events.forEach(event -> super.remove(event.leader(), List.of(event.notificationId())));
                    super.park(events);
                }
            })),
    READS_ALL_PARKED_EVENTS(
            "reads parked events in pages in the order of the log", parking(whole -> new ParkingDelegate(whole) {
                @Override
                public List<ParkedEvent> select(String leader, long after, int limit) {
                    return super.select(leader, after, Integer.MAX_VALUE);
                }
            })),
    TAKES_EVERY_ORIGINATOR_FOR_PARKED(
            "tells which originators have parked events", parking(whole -> new ParkingDelegate(whole) {
                @Override
                public Set<UUID> originators(String leader, Collection<UUID> among) {
                    return new HashSet<>(among);
                }
            })),
    TAKES_EVENTS_BEHIND_ANOTHER_FOR_FAILURES(
            "gives the last events that failed themselves", parking(whole -> new ParkingDelegate(whole) {
                @Override
                public List<ParkedEvent> failures(String leader, long below, int limit) {
                    List<ParkedEvent> all = new ArrayList<>(super.select(leader, 0, Integer.MAX_VALUE));
                    Collections.reverse(all);
                    return all.stream()
                            .filter(event -> event.notificationId() < below)
                            .limit(limit)
                            .toList();
                }
            })),
    COUNTS_WHAT_WAS_TO_BE_REMOVED("removes parked events", parking(whole -> new ParkingDelegate(whole) {
        @Override
        public int remove(String leader, Collection<Long> notificationIds) {
            super.remove(leader, notificationIds);
            return notificationIds.size();
        }
    })),
    PARKS_FOR_ALL_FOLLOWERS("keeps the parked events of leaders and of followers apart", () -> new BrokenRecorders() {
        @Override
        public ParkedEvents parkedEvents(String applicationName) {
            return super.parkedEvents("all");
        }
    }),
    KEEPS_WHAT_WAS_PARKED("forgets what was parked in a transaction that threw", () -> new BrokenRecorders() {
        @Override
        public Transactions transactions() {
            return new Committing(whole().transactions());
        }
    }),
    DOES_NOT_ROLL_BACK("keeps nothing of a transaction that throws", () -> new BrokenRecorders() {
        @Override
        public Transactions transactions() {
            return new Committing(whole().transactions());
        }
    }),
    TAKES_APPLICATIONS_FOR_ONE("keeps applications apart", () -> new BrokenRecorders() {
        @Override
        public AggregateRecorder snapshotRecorder(String applicationName) {
            return super.snapshotRecorder("all");
        }

        @Override
        public ProcessRecorder processRecorder(String applicationName) {
            return super.processRecorder("all");
        }
    }),
    IGNORES_LETTER_CASE("keeps applications apart", () -> new BrokenRecorders() {
        @Override
        public ProcessRecorder processRecorder(String applicationName) {
            return super.processRecorder(applicationName.toLowerCase(Locale.ROOT));
        }
    }),
    TAKES_SNAPSHOTS_FOR_EVENTS("keeps snapshots apart from events", () -> new BrokenRecorders() {
        @Override
        public AggregateRecorder snapshotRecorder(String applicationName) {
            return super.processRecorder(applicationName);
        }
    }),
    CHECKS_NO_NAMES("refuses application names that are none", () -> new BrokenRecorders() {
        @Override
        public ProcessRecorder processRecorder(String applicationName) {
            return super.processRecorder("n" + applicationName.hashCode());
        }
    }),
    CUTS_NAMES("refuses application names that are too long before anything is stored", () -> new BrokenRecorders() {
        @Override
        public ProcessRecorder processRecorder(String applicationName) {
            return super.processRecorder(applicationName.substring(0, Math.min(64, applicationName.length())));
        }
    }),
    COUNTS_NAMES_IN_BYTES("accepts application names of the greatest length", () -> new BrokenRecorders() {
        @Override
        public ProcessRecorder processRecorder(String applicationName) {
            if (applicationName.getBytes(StandardCharsets.UTF_8).length > 128) {
                throw new ConfigurationException("Name is longer than 128 bytes");
            }
            return super.processRecorder(applicationName);
        }
    }),
    WRITES_AT_THE_COMMIT("reads its own writes in a transaction", () -> new BrokenRecorders() {
        @Override
        public ProcessRecorder processRecorder(String applicationName) {
            return new Delegate(super.processRecorder(applicationName)) {
                @Override
                public List<Long> insertEvents(List<StoredEvent> events) {
                    if (transactions().active()) {
                        transactions().afterCommit(() -> super.insertEvents(events));
                        return List.of();
                    }
                    return super.insertEvents(events);
                }
            };
        }
    });

    private final String promise;
    private final Supplier<BrokenRecorders> recorders;

    Mutant(String promise, Function<ProcessRecorder, ProcessRecorder> breaks) {
        this(promise, () -> BrokenRecorders.with(breaks));
    }

    Mutant(String promise, Supplier<BrokenRecorders> recorders) {
        this.promise = promise;
        this.recorders = recorders;
    }

    private static Supplier<BrokenRecorders> sharing(UnaryOperator<SharedStore> breaks) {
        return () -> BrokenRecorders.sharing((whole, transactions) -> breaks.apply(whole));
    }

    private static Supplier<BrokenRecorders> parking(UnaryOperator<ParkedEvents> breaks) {
        return () -> BrokenRecorders.parking(breaks);
    }

    /** The promise that is broken, without the name of the recorder that made it. */
    String promise() {
        return promise;
    }

    /** Broken recorders over an empty store. */
    BrokenRecorders recorders() {
        return recorders.get();
    }

    /** Keeps positions beside the store. */
    private static class Positioned extends Delegate {
        final Map<String, Position> moved = Collections.synchronizedMap(new HashMap<>());

        Positioned(ProcessRecorder whole) {
            super(whole);
        }

        @Override
        public Optional<Position> position(String leader) {
            return Optional.ofNullable(moved.get(leader));
        }
    }

    /** Gives other ids than the store. */
    private static final class Shifted extends Delegate {
        private final long by;

        Shifted(ProcessRecorder whole, long by) {
            super(whole);
            this.by = by;
        }

        @Override
        public List<Long> insertEvents(List<StoredEvent> events) {
            return super.insertEvents(events).stream().map(id -> id + by).toList();
        }

        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            NotificationPage page = super.selectPage(selection);
            return new NotificationPage(
                    page.notifications().stream()
                            .map(notification -> new Notification(notification.id() + by, notification.event()))
                            .toList(),
                    page.upTo());
        }
    }

    /** Commits, whatever is thrown. */
    private record Committing(Transactions whole) implements Transactions {
        @Override
        public <T> T required(Supplier<T> work) {
            AtomicReference<RuntimeException> thrown = new AtomicReference<>();
            T result = whole.required(() -> {
                try {
                    return work.get();
                } catch (RuntimeException e) {
                    thrown.set(e);
                    return null;
                }
            });
            if (thrown.get() != null) {
                throw thrown.get();
            }
            return result;
        }

        @Override
        public boolean active() {
            return whole.active();
        }

        @Override
        public boolean afterCommit(Runnable action) {
            return whole.afterCommit(action);
        }
    }
}
