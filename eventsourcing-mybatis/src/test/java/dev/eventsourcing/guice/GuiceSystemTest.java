package dev.eventsourcing.guice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.testsupport.H2Database;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import training.TrainingSchool;
import training.TrickCount;
import training.TrickCountMapper;

/** A system whose applications Guice has made and injected. */
class GuiceSystemTest {
    private final H2Database database = H2Database.migrated();
    private final Injector injector = Guice.createInjector(
            new SchoolModule(), binder -> binder.bind(DataSource.class).toInstance(database.dataSource()));
    private final Runner runner = injector.getInstance(Runner.class);
    private final TrainingSchool school = injector.getInstance(TrainingSchool.class);
    private final Favourites favourites = injector.getInstance(Favourites.class);

    @BeforeEach
    void createTheTableOfTheMapper() {
        injector.getInstance(TrickCountMapper.class).createTable();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void itsApplicationsAreTheInjectedOnes() {
        assertThat(runner.get(TrainingSchool.class)).isSameAs(school);
        assertThat(runner.get(Favourites.class)).isSameAs(favourites);
    }

    @Test
    void itCatchesUpAndThenProcessesWhatIsSaved() {
        school.register("Fido");
        school.addTrick("Fido", "sit");

        runner.start();
        assertThat(favourites.favourite()).contains(new TrickCount("sit", 1));
        school.register("Rex");
        school.addTrick("Rex", "sit");

        assertThat(favourites.favourite()).contains(new TrickCount("sit", 2));
        runner.close();
    }

    @Test
    void whatTheInjectedMapperWritesIsOfOneTransactionWithThePosition() {
        injector.getInstance(TrickCountMapper.class).insertFirstDog("sit");
        database.execute("ALTER TABLE trick_counts ADD CONSTRAINT few CHECK (dogs < 2)");
        runner.start();

        school.register("Fido");
        school.addTrick("Fido", "fetch");
        school.addTrick("Fido", "sit");

        assertThat(database.column("SELECT trick FROM trick_counts WHERE dogs = 1 ORDER BY trick"))
                .containsExactly("fetch", "sit");
        assertThat(database.column("SELECT notification_id FROM notification_tracking"))
                .isEqualTo(database.column(
                        "SELECT id FROM stored_events WHERE originator_version = 2 AND topic = 'Dog.TrickAdded'"));
    }

    @Test
    void savesOfOneTransactionAreProcessedAfterItsCommitAlone() {
        runner.start();
        MyBatisRecorders recorders = injector.getInstance(MyBatisRecorders.class);

        assertThatIllegalStateException()
                .isThrownBy(() -> recorders.transactions().required(() -> {
                    school.register("Rex");
                    school.addTrick("Rex", "beg");
                    throw new IllegalStateException("roll back");
                }));
        recorders.transactions().required(() -> {
            school.register("Fido");
            school.addTrick("Fido", "sit");
            assertThat(favourites.favourite()).isEmpty();
        });

        assertThat(favourites.favourite()).contains(new TrickCount("sit", 1));
        runner.close();
    }

    @Test
    void closingTheRunnerLeavesTheInjectedObjectsOpen() {
        runner.start();

        runner.close();

        school.register("Fido");
        school.addTrick("Fido", "sit");
        assertThat(favourites.favourite()).isEmpty();
        assertThat(favourites.pullAndProcess("TrainingSchool")).isEqualTo(1);
        assertThat(favourites.favourite()).contains(new TrickCount("sit", 1));
    }
}
