package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.TestDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.ibatis.annotations.Select;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Databases of their own for applications, by settings. */
class ApplicationSettingsTest {
    private static final List<StoredEvent> EVENTS =
            List.of(new StoredEvent(new UUID(0, 1), 1, "Dog.Registered", new byte[] {1}));

    private TestDatabase general;
    private TestDatabase ofBoard;
    private MyBatisRecorders recorders;

    @BeforeEach
    void openDatabases() {
        general = H2Database.migrated();
        ofBoard = H2Database.migrated();
        ofBoard.execute("CREATE TABLE diplomas (dog VARCHAR(100), trick VARCHAR(100))");
        Map<String, String> settings = new HashMap<>(general.settings());
        settings.put("eventsourcing.Board.url", ofBoard.url());
        recorders = MyBatisRecorders.fromSettings(Settings.of(settings), DiplomaMapper.class);
    }

    @AfterEach
    void closeDatabases() {
        recorders.close();
        ofBoard.close();
        general.close();
    }

    @Test
    void anApplicationRecordsInItsOwnDatabase() {
        recorders.processRecorder("Board").insertEvents(EVENTS);
        recorders.forApplication("Board").snapshotRecorder("Board").insertEvents(EVENTS);
        recorders.forApplication("School").processRecorder("School").insertEvents(EVENTS);

        assertThat(ofBoard.column("SELECT application_name FROM stored_events")).containsExactly("Board");
        assertThat(ofBoard.count("snapshots")).isEqualTo(1);
        assertThat(general.column("SELECT application_name FROM stored_events")).containsExactly("School");
    }

    @Test
    void equalSettingsShareOnePoolAndItsTransactions() {
        MyBatisRecorders school = recorders.forApplication("School");

        assertThat(school.transactions())
                .isSameAs(recorders.forApplication("Diplomas").transactions())
                .isSameAs(recorders.transactions())
                .isNotSameAs(recorders.forApplication("Board").transactions());
        assertThat(school.migrations())
                .isEqualTo(recorders.migrations())
                .isNotEqualTo(recorders.forApplication("Board").migrations());
    }

    @Test
    void aMapperOfAnApplicationTakesPartInItsTransaction() {
        MyBatisRecorders board = recorders.forApplication("Board");
        ProcessRecorder recorder = board.processRecorder("Board");
        DiplomaMapper diplomas = board.mapper(DiplomaMapper.class);

        assertThatThrownBy(() -> board.transactions().required(() -> {
                    diplomas.award("Fido", "sit");
                    recorder.insertEvents(EVENTS);
                    throw new IllegalStateException("changed my mind");
                }))
                .hasMessage("changed my mind");

        assertThat(ofBoard.count("diplomas")).isZero();
        diplomas.award("Fido", "sit");
        assertThat(ofBoard.count("diplomas")).isEqualTo(1);
    }

    @Test
    void aMapperOfAnotherDatabaseIsRefusedInATransactionOfAnApplication() {
        MyBatisRecorders board = recorders.forApplication("Board");
        DiplomaMapper ofAll = recorders.mapper(DiplomaMapper.class);

        assertThatThrownBy(() -> board.transactions().required(() -> {
                    board.processRecorder("Board").insertEvents(EVENTS);
                    ofAll.award("Fido", "sit");
                    return "recorded";
                }))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("recorders.forApplication(name()).mapper(..)");

        assertThat(ofBoard.count("stored_events")).isZero();
    }

    @Test
    void theSchemaOfAnApplicationIsASetting() {
        Map<String, String> settings = new HashMap<>(general.settings());
        settings.put("eventsourcing.Board.schema", "board");
        try (MyBatisRecorders some = MyBatisRecorders.fromSettings(Settings.of(settings))) {
            some.forApplication("Board").schema().migrate();
            some.processRecorder("Board").insertEvents(EVENTS);
            some.processRecorder("School").insertEvents(EVENTS);

            assertThat(general.column("SELECT application_name FROM \"board\".stored_events"))
                    .containsExactly("Board");
            assertThat(general.column("SELECT application_name FROM stored_events"))
                    .containsExactly("School");
        }
    }

    @Test
    void whatTheCodeSaysOfTheTablesGoesBeforeTheSettings() {
        Map<String, String> settings = new HashMap<>(general.settings());
        settings.put("eventsourcing.Board.schema", "board");
        try (MyBatisRecorders some =
                MyBatisRecorders.fromSettings(Settings.of(settings)).inSchema("code")) {
            assertThat(some.forApplication("Board").schema().schema()).isEqualTo("code");
            assertThat(some.forApplication("Board").settings().describe())
                    .containsPattern("\\n {2}schema +code +code\\n");
        }
    }

    @Test
    void closingClosesWhatWasOpenedForApplications() {
        ProcessRecorder board = recorders.processRecorder("Board");
        ProcessRecorder school = recorders.processRecorder("School");
        board.insertEvents(EVENTS);
        school.insertEvents(EVENTS);

        recorders.close();

        assertThatThrownBy(board::maxNotificationId).hasMessageContaining("closed");
        assertThatThrownBy(school::maxNotificationId).hasMessageContaining("closed");
        assertThatThrownBy(() -> recorders.processRecorder("Diplomas"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("closed");
    }

    /** Else each attempt to make the application would leave a pool behind that nobody can close. */
    @Test
    void aMapperThatMyBatisDoesNotTakeLeavesNoPoolOpen() {
        Map<String, String> settings =
                Map.of("eventsourcing.url", general.url() + ";LOCK_TIMEOUT=1", "eventsourcing.pool-min-idle", "1");
        try (MyBatisRecorders some = MyBatisRecorders.fromSettings(Settings.of(settings), Ambiguous.class)) {
            int before = housekeepers();

            assertThatThrownBy(() -> some.processRecorder("Dogs"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("MyBatis does not take " + Ambiguous.class.getName() + " as a mapper");

            Concurrently.awaitUntil(() -> housekeepers() == before);
        }
        assertThatThrownBy(() -> MyBatisRecorders.over(general.dataSource(), Ambiguous.class))
                .isInstanceOf(ConfigurationException.class);
    }

    private static int housekeepers() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("eventsourcing:housekeeper"))
                .count();
    }

    interface Ambiguous {
        @Select("SELECT 1")
        int one();

        @Select("SELECT 2")
        int one(int more);
    }

    @Test
    void recordersThatTheCodeMadeAreTheSameForEveryApplication() {
        System.setProperty("eventsourcing.Board.url", "jdbc:h2:mem:elsewhere");
        try {
            MyBatisRecorders made = MyBatisRecorders.over(general.dataSource());
            made.forApplication("Board").processRecorder("Board").insertEvents(EVENTS);

            assertThat(general.count("stored_events")).isEqualTo(1);
            assertThat(made.settings().forApplication("Board").describe())
                    .contains("persistence", MyBatisRecorders.class.getName())
                    .doesNotContain("elsewhere");
        } finally {
            System.clearProperty("eventsourcing.Board.url");
        }
    }
}
