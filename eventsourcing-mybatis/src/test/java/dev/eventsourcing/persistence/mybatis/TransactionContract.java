package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.TrackingConflictException;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds in every kind of transaction, on every database: events, tracking and the user's rows stay or go together. */
@ParameterizedClass
@EnumSource
abstract class TransactionContract {
    static final UUID DOG = new UUID(0, 1);
    static final String LEADER = "TrainingSchool";

    @Parameter
    DatabaseKind kind;

    TestDatabase database;
    MyBatisRecorders recorders;
    ProcessRecorder recorder;
    DiplomaMapper diplomas;

    /** Recorders of the kind under test. */
    abstract MyBatisRecorders newRecorders();

    /** Does work in a transaction that is committed if the work returns, and is not if it throws. */
    abstract void inTransaction(Runnable work);

    @BeforeEach
    void openDatabase() {
        database = kind.migrated();
        database.execute("CREATE TABLE diplomas (dog VARCHAR(40) NOT NULL, trick VARCHAR(40) NOT NULL)");
        recorders = newRecorders();
        recorder = recorders.processRecorder("Diplomas");
        diplomas = recorders.mapper(DiplomaMapper.class);
    }

    @AfterEach
    void closeDatabase() {
        recorders.close();
        database.close();
    }

    final SqlSessionFactory factory() {
        return factory(ExecutorType.SIMPLE);
    }

    /** A user's own factory. */
    final SqlSessionFactory factory(ExecutorType executor) {
        Configuration configuration =
                new Configuration(new Environment("users", new JdbcTransactionFactory(), database.dataSource()));
        configuration.setDefaultExecutorType(executor);
        configuration.addMapper(DiplomaMapper.class);
        return new SqlSessionFactoryBuilder().build(configuration);
    }

    static List<StoredEvent> events(long first, long last) {
        List<StoredEvent> events = new ArrayList<>();
        for (long version = first; version <= last; version++) {
            events.add(new StoredEvent(DOG, version, "Dog.TrickAdded", new byte[] {1, (byte) version}));
        }
        return events;
    }

    /** What a policy does: its rows, its events and its position. */
    final void process() {
        diplomas.award("Fido", "roll over");
        recorder.insertEvents(events(1, 2), Tracking.first(LEADER, 21));
    }

    final void assertEverythingIsThere() {
        assertThat(database.count("stored_events")).isEqualTo(2);
        assertThat(database.column("SELECT notification_id FROM notification_tracking"))
                .containsExactly("21");
        assertThat(database.column("SELECT trick FROM diplomas")).containsExactly("roll over");
    }

    final void assertNothingIsThere() {
        assertThat(database.count("stored_events")).isZero();
        assertThat(database.count("notification_tracking")).isZero();
        assertThat(database.count("diplomas")).isZero();
    }

    @Test
    void commitsEventsTrackingAndTheUsersRowsTogether() {
        inTransaction(() -> {
            process();
            assertNothingIsThere();
        });

        assertEverythingIsThere();
    }

    @Test
    void readsItsOwnWritesBeforeTheyAreCommitted() {
        inTransaction(() -> {
            process();

            assertThat(recorder.selectEvents(DOG, VersionRange.all())).isEqualTo(events(1, 2));
            assertThat(recorder.position(LEADER)).contains(new Position(21, 0));
            assertThat(diplomas.tricksOf("Fido")).containsExactly("roll over");
        });
    }

    @Test
    void keepsNothingWhenTheWorkThrows() {
        assertThatThrownBy(() -> inTransaction(() -> {
                    process();
                    throw new IllegalStateException("the policy's own");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the policy's own");

        assertNothingIsThere();
    }

    @Test
    void keepsNothingWhenThePositionHasBeenMovedByAnother() {
        MyBatisRecorders.over(database.dataSource())
                .processRecorder("Diplomas")
                .insertEvents(List.of(), Tracking.first(LEADER, 30));

        assertThatThrownBy(() -> inTransaction(this::process)).isInstanceOf(TrackingConflictException.class);

        assertThat(database.count("stored_events")).isZero();
        assertThat(database.count("diplomas")).isZero();
        assertThat(database.column("SELECT notification_id FROM notification_tracking"))
                .containsExactly("30");
    }

    @Test
    void goesOnAfterAConflictThatTheWorkCatches() {
        MyBatisRecorders.over(database.dataSource()).processRecorder("Diplomas").insertEvents(events(2, 2));

        inTransaction(() -> {
            diplomas.award("Fido", "roll over");
            recorder.insertEvents(events(1, 1));
            assertThatThrownBy(() -> recorder.insertEvents(events(2, 3))).isInstanceOf(RecordConflictException.class);
            diplomas.award("Fido", "sit");
            recorder.insertEvents(List.of(), Tracking.first(LEADER, 21));
        });

        assertThat(database.column("SELECT originator_version FROM stored_events ORDER BY id"))
                .containsExactly("2", "1");
        assertThat(database.column("SELECT trick FROM diplomas")).containsExactly("roll over", "sit");
        assertThat(database.count("notification_tracking")).isEqualTo(1);
    }

    @Test
    void refusesTheSameAppendTwice() {
        inTransaction(() -> {
            recorder.insertEvents(events(1, 2));

            assertThatThrownBy(() -> recorder.insertEvents(events(1, 2))).isInstanceOf(RecordConflictException.class);
        });

        assertThat(database.count("stored_events")).isEqualTo(2);
    }

    @Test
    void seesWhatAnotherHasCommittedSinceTheLastRead() {
        ProcessRecorder other = MyBatisRecorders.over(database.dataSource()).processRecorder("Diplomas");

        inTransaction(() -> {
            assertThat(recorder.selectEvents(DOG, VersionRange.all())).isEmpty();
            assertThat(recorder.position(LEADER)).isEmpty();
            assertThat(recorder.maxNotificationId()).isEmpty();
            other.insertEvents(events(1, 2), Tracking.first(LEADER, 21));

            assertThat(recorder.selectEvents(DOG, VersionRange.all())).isEqualTo(events(1, 2));
            assertThat(recorder.position(LEADER)).contains(new Position(21, 0));
            assertThat(recorder.maxNotificationId()).hasValue(2);
        });
    }

    @Test
    void recordsOutsideOfAnyTransactionInOneOfItsOwn() {
        recorder.insertEvents(events(1, 2), Tracking.first(LEADER, 21));
        diplomas.award("Fido", "roll over");

        assertEverythingIsThere();
        assertThat(recorders.transactions().active()).isFalse();
    }

    @Test
    void joinsTheTransactionInHandWhenOneIsRequired() {
        assertThatThrownBy(() -> inTransaction(() -> {
                    recorders.transactions().required(this::process);
                    assertThat(recorders.transactions().active()).isTrue();
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);

        assertNothingIsThere();
    }
}
