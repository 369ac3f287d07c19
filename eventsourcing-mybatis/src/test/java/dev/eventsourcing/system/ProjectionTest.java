package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import training.Dog.TrickAdded;
import training.TrainingSchool;
import training.TrickCount;
import training.TrickCountMapper;

/** Read models in tables of the user's. */
@ParameterizedClass
@EnumSource
class ProjectionTest {
    @Parameter
    Product product;

    private TestDatabase database;
    private MyBatisRecorders recorders;
    private TrainingSchool school;
    private Tricks tricks;

    @BeforeEach
    void open() {
        database = product == Product.H2 ? H2Database.migrated() : PostgresDatabase.migrated();
        recorders = MyBatisRecorders.over(database.dataSource(), TrickCountMapper.class);
        school = new TrainingSchool(recorders);
        tricks = new Tricks(recorders);
        tricks.counts.createTable();
        tricks.follow(school);
        school.register("Fido");
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** As another process sees it. */
    private Optional<Long> position() {
        return recorders.processRecorder("Tricks").position("TrainingSchool").map(Position::notificationId);
    }

    @Test
    void changesRowsAndItsPositionAndIsGivenOnlyWhatItFollows() {
        school.addTrick("Fido", "sit");
        school.register("Rex");

        tricks.pullAndProcess("TrainingSchool");

        assertThat(tricks.given).containsExactly(new TrickAdded("sit"));
        assertThat(tricks.counts.selectAll()).containsExactly(new TrickCount("sit", 1));
        assertThat(position()).hasValue(3L);
        assertThat(database.count("stored_events WHERE application_name = 'Tricks'"))
                .isZero();
    }

    @Test
    void aProjectionThatFailsUndoesItsRowsAndKeepsThePosition() {
        school.addTrick("Fido", "sit");
        school.addTrick("Fido", "explode");
        school.addTrick("Fido", "roll over");
        tricks.failing = "explode";

        assertThatThrownBy(() -> tricks.pullAndProcess("TrainingSchool"))
                .isInstanceOf(EventProcessingException.class)
                .hasMessageContainingAll("Tricks", "cannot project explode");

        assertThat(database.column("SELECT trick FROM trick_counts")).containsExactly("sit");
        assertThat(position()).hasValue(2L);
        tricks.failing = "";
        tricks.pullAndProcess("TrainingSchool");
        assertThat(database.column("SELECT trick || dogs FROM trick_counts ORDER BY 1"))
                .containsExactly("explode1", "roll over1", "sit1");
        assertThat(position()).hasValue(4L);
    }

    /** How many dogs know each trick. */
    private static final class Tricks extends Projection {
        final TrickCountMapper counts;
        final List<Object> given = new ArrayList<>();
        String failing = "";

        Tricks(MyBatisRecorders recorders) {
            super(recorders);
            counts = recorders.mapper(TrickCountMapper.class);
            follows("TrainingSchool", TrickAdded.class);
        }

        @Override
        protected void project(DomainEvent<?> event) {
            given.add(event.payload());
            String trick = ((TrickAdded) event.payload()).trick();
            if (counts.addDog(trick) == 0) {
                counts.insertFirstDog(trick);
            }
            if (trick.equals(failing)) {
                throw new IllegalStateException("cannot project " + trick);
            }
        }
    }

    /** The databases. */
    enum Product {
        H2,
        POSTGRESQL
    }
}
