package dev.eventsourcing.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogMarkTest {
    private static final Instant TIME = Instant.parse("2026-12-01T05:06:07.000123Z");
    private static final UUID DOG = UUID.fromString("0191d2f4-0000-4000-8000-00000000002a");
    private static final StoredEvent EVENT = new StoredEvent(DOG, 1, "Brief.Geöffnet", new byte[] {1, -1, 0});

    /** Positions keep it: another one for the same event stops every follower. */
    @Test
    void staysTheSameInEveryVersion() {
        assertThat(LogMark.of(new Notification(7, EVENT), TIME)).hasToString("7:6d0613efb8b493648964ad18a2180902");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isTheSameInEveryStore(boolean postgres) {
        try (TestDatabase database = postgres ? PostgresDatabase.migrated() : H2Database.migrated()) {
            ApplicationRecorder recorder =
                    MyBatisRecorders.over(database.dataSource()).applicationRecorder("Letters");
            recorder.insertEvents(List.of(EVENT));
            database.execute(
                    "UPDATE stored_events SET recorded_at = TIMESTAMP WITH TIME ZONE '2026-12-01 06:06:07.000123+01:00'");

            List<LogMark> marks = recorder.selectPage(
                            NotificationSelection.after(0).withMarks())
                    .marks();

            assertThat(marks).containsExactly(LogMark.of(new Notification(1, EVENT), TIME));
        }
    }

    @Test
    void tellsEventsApartByEachOfTheirParts() {
        assertThat(List.of(
                                new StoredEvent(new UUID(0, 1), 1, "Brief.Geöffnet", new byte[] {1, -1, 0}),
                                new StoredEvent(DOG, 2, "Brief.Geöffnet", new byte[] {1, -1, 0}),
                                new StoredEvent(DOG, 1, "Brief", new byte[] {1, -1, 0}),
                                new StoredEvent(DOG, 1, "Brief.Geöffnet", new byte[] {1, -1, 1}),
                                EVENT)
                        .stream()
                        .map(event ->
                                LogMark.of(new Notification(1, event), TIME).hash()))
                .doesNotHaveDuplicates()
                .doesNotContain(LogMark.of(new Notification(1, EVENT), TIME.plusNanos(1_000))
                        .hash())
                .contains(LogMark.of(new Notification(9, EVENT), TIME.plusNanos(999))
                        .hash());
    }

    @Test
    void readsWhatItGivesAndNothingElse() {
        LogMark mark = LogMark.of(new Notification(90, EVENT), TIME);

        assertThat(LogMark.parse(mark.toString())).isEqualTo(mark).hasSameHashCodeAs(mark);
        for (String text : List.of("", "90", "90:", "x:" + mark.hash(), "0:" + mark.hash(), mark + "0", mark + " ")) {
            assertThatExceptionOfType(PersistenceException.class)
                    .isThrownBy(() -> LogMark.parse(text))
                    .withMessageContaining("'" + text + "'");
        }
    }

    /** However long the log gets, and however many events are a batch. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 500})
    void aPositionKeepsMarksOfTheNearAndOfTheFarPast(int batch) {
        List<LogMark> marks = List.of();
        List<Long> far = new ArrayList<>();
        for (long id = batch; id < 200_000; id += batch) {
            marks = new Position(id, 0, marks).marksWith(LogMark.of(id, "0".repeat(32)));
            if (id > 10_000) {
                assertThat(marks).hasSizeLessThanOrEqualTo(Position.MOST_MARKS);
                far.add(id - marks.get(marks.size() - 1).id());
                assertThat(id - marks.get(1).id()).isLessThan(64L * batch);
            }
            assertThat(marks).extracting(LogMark::id).isSortedAccordingTo((one, other) -> Long.compare(other, one));
        }

        assertThat(far).allMatch(distance -> distance > 1_000);
    }
}
