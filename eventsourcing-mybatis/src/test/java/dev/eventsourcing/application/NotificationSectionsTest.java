package dev.eventsourcing.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationSectionsTest {
    private final InMemoryRecorders recorders = new InMemoryRecorders();

    @ParameterizedTest
    @CsvSource({
        "'1,3', '1,3', '4,6'",
        "'3,4', '3,4', '5,6'",
        "'8,9', '8,9', '10,11'",
        "'9,11', '9,9', ",
        "'0,2', '1,2', '3,4'",
        "'-5,2', '1,2', '3,4'",
        "'1,500', '1,5', '6,10'",
        "'9,9', '9,9', '10,10'",
        "'10,14', , ",
        "'3,2', , ",
        "'0,0', , ",
        "'5,-5', , ",
        "'-9,-3', , ",
    })
    void aSectionTellsWhatItHasAndNamesTheNextIfItIsFull(String asked, String id, String next) {
        NotificationSections sections =
                NotificationSections.of(log(recorders, 9)).size(5);

        Section section = sections.section(SectionId.parse(asked));

        assertThat(section.id().map(SectionId::toString)).isEqualTo(Optional.ofNullable(id));
        assertThat(section.nextId().map(SectionId::toString)).isEqualTo(Optional.ofNullable(next));
        SectionId within = section.id().orElse(new SectionId(1, 0));
        assertThat(section.items())
                .extracting(Notification::id)
                .containsExactlyElementsOf(LongStream.rangeClosed(within.first(), within.last())
                        .boxed()
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void aSectionOfALogWithGapsHasAsManyAsFitOnEveryStore(Store store) {
        try (Opened opened = store.open()) {
            ApplicationRecorder recorder = opened.recorders().applicationRecorder("Gaps");
            ApplicationRecorder other = opened.recorders().applicationRecorder("Other");
            List<Long> ids = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                ids.addAll(recorder.insertEvents(List.of(event("a"))));
                other.insertEvents(List.of(event("a"), event("a")));
            }
            NotificationSections sections = NotificationSections.of(
                    new RecordedNotificationLog(recorder, opened.recorders().sharedStore()));

            Section section = sections.section(new SectionId(1, 3));

            assertThat(section.items()).extracting(Notification::id).containsExactlyElementsOf(ids.subList(0, 3));
            assertThat(section.id()).contains(new SectionId(ids.get(0), ids.get(2)));
            assertThat(ids.get(2)).isGreaterThan(3);
            assertThat(section.nextId()).contains(new SectionId(ids.get(2) + 1, ids.get(2) + 3));
            assertThat(sections.section(new SectionId(3, 2)))
                    .isEqualTo(new Section(Optional.empty(), List.of(), Optional.empty()));
            assertThat(sections.size(2).read(1)).extracting(Notification::id).containsExactlyElementsOf(ids);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "1,", ",1", "a,b", "1,2,3", " 1,2", "1,2 ", "1;2", "1,99999999999999999999", "+1,2"})
    void whatNamesNoSectionIsRefused(String name) {
        assertThatThrownBy(() -> SectionId.parse(name))
                .isInstanceOf(PersistenceException.class)
                .hasMessageContaining("'" + name + "'")
                .hasMessageContaining("1,500");
    }

    @Test
    void sectionsHaveFiveHundredUnlessSomethingElseIsSaid() {
        NotificationSections sections = NotificationSections.of(log(recorders, 1_001));

        assertThat(sections.from(1))
                .extracting(section -> section.items().size())
                .containsExactly(500, 500, 1);
        assertThat(sections.section(new SectionId(1, 100_000)).nextId()).contains(new SectionId(501, 1_000));
    }

    @Test
    void aReaderHoldsOneSectionAtATimeAndReadsTheNextWhenItIsAskedFor() {
        Counting log = new Counting(log(recorders, 1_000));
        Iterator<Notification> reader =
                NotificationSections.of(log).size(10).read(1).iterator();

        for (int i = 1; i <= 995; i++) {
            assertThat(reader.next().id()).isEqualTo(i);
            // One in hand, and the one that is asked whether there is more.
            assertThat(log.pages).isLessThanOrEqualTo((i + 9) / 10 + 1);
        }

        assertThat(log.largest).isEqualTo(10);
    }

    @Test
    void aReaderStopsWhereItsConsumerDoes() {
        Counting log = new Counting(log(recorders, 1_000));

        NotificationSections.of(log).size(10).from(1).limit(2).forEach(section -> {});

        assertThat(log.pages).isEqualTo(2);
    }

    @Test
    void aReaderStartsAndEndsWhereItIsToldAndReadsOnlyItsTopics() {
        ApplicationRecorder recorder = recorders.applicationRecorder("Words");
        IntStream.range(0, 30).forEach(i -> recorder.insertEvents(List.of(event(i % 3 == 0 ? "third" : "other"))));
        NotificationSections sections = NotificationSections.of(
                        new RecordedNotificationLog(recorder, recorders.sharedStore()))
                .size(2);

        assertThat(sections.topics(Set.of("third")).upTo(20).read(5))
                .extracting(Notification::id)
                .containsExactly(7L, 10L, 13L, 16L, 19L);
        assertThat(sections.upTo(7).read(-3)).hasSize(7);
        assertThat(sections.read(31)).isEmpty();
    }

    @Test
    void aReaderThatComesBackGoesOnBehindWhatItHas() {
        ApplicationRecorder recorder = recorders.applicationRecorder("Words");
        NotificationSections sections =
                NotificationSections.of(new RecordedNotificationLog(recorder, recorders.sharedStore()));
        recorder.insertEvents(List.of(event("a"), event("a")));
        assertThat(sections.read(1)).hasSize(2);

        recorder.insertEvents(List.of(event("a")));

        assertThat(sections.read(3)).extracting(Notification::id).containsExactly(3L);
    }

    @Test
    void aPageAboveTheLargestIsAnErrorAndNotASmallerPage() {
        NotificationLog log = log(recorders, 3);

        assertThat(log.select(NotificationSelection.after(0).limit(NotificationLog.MAX_LIMIT)))
                .hasSize(3);
        assertThatThrownBy(() -> log.select(NotificationSelection.after(0).limit(10_001)))
                .isInstanceOf(PersistenceException.class)
                .hasMessageContaining("10001 is above 10000")
                .hasMessageContaining("NotificationSections");
        assertThat(log.select(NotificationSelection.after(1).upTo(2)))
                .extracting(Notification::id)
                .containsExactly(2L);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 10_001})
    void aSizeThatCannotBeIsRefused(int size) {
        NotificationSections sections = NotificationSections.of(log(recorders, 0));

        assertThatThrownBy(() -> sections.size(size))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(size + " notifications")
                .hasMessageContaining("1 to 10000");
    }

    private static NotificationLog log(RecorderFactory recorders, int length) {
        ApplicationRecorder recorder = recorders.applicationRecorder("Words");
        recorder.insertEvents(
                IntStream.range(0, length).mapToObj(i -> event("a")).toList());
        return new RecordedNotificationLog(recorder, recorders.sharedStore());
    }

    private static StoredEvent event(String topic) {
        return new StoredEvent(UUID.randomUUID(), 1, topic, new byte[] {1, 2});
    }

    /** Counts pages. */
    private static final class Counting implements NotificationLog {
        private final NotificationLog log;
        private int pages;
        private int largest;

        Counting(NotificationLog log) {
            this.log = log;
        }

        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            pages++;
            NotificationPage page = log.selectPage(selection);
            largest = Math.max(largest, page.notifications().size());
            return page;
        }

        @Override
        public OptionalLong maxNotificationId() {
            return log.maxNotificationId();
        }
    }

    /** Where events are kept. */
    enum Store {
        MEMORY,
        H2,
        POSTGRESQL;

        Opened open() {
            if (this == MEMORY) {
                return new Opened(new InMemoryRecorders(), () -> {});
            }
            TestDatabase database = this == H2 ? H2Database.migrated() : PostgresDatabase.migrated();
            return new Opened(MyBatisRecorders.over(database.dataSource()), database::close);
        }
    }

    private record Opened(RecorderFactory recorders, Runnable closing) implements AutoCloseable {
        @Override
        public void close() {
            recorders.close();
            closing.run();
        }
    }
}
