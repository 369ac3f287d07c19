package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import training.TrainingSchool;
import training.TrickBoard;
import training.TrickCount;
import training.TrickCountMapper;

/** The same follower at work in several processes, for which objects stand that share nothing but the database. */
class TwoProcessesTest {
    private static final int DOGS = 60;

    @ParameterizedTest
    @EnumSource
    void countEachEventOnceBetweenThem(Product product) {
        try (TestDatabase database = product.migrated()) {
            List<Concurrently.Running<Long>> processes = new ArrayList<>();
            process(database).board().createTable();
            Process registering = process(database);
            for (int i = 0; i < 3; i++) {
                Process process = process(database);
                processes.add(Concurrently.start(() -> {
                    long processed = 0;
                    while (known(process.board()) < DOGS) {
                        processed += process.board().pullAndProcess("TrainingSchool");
                    }
                    return processed;
                }));
            }

            for (int dog = 0; dog < DOGS; dog++) {
                registering.school().register("Dog " + dog);
                registering.school().addTrick("Dog " + dog, "sit");
            }

            assertThat(processes.stream().mapToLong(Concurrently.Running::get).sum())
                    .isEqualTo(DOGS);
            assertThat(registering.board().counts()).containsExactly(new TrickCount("sit", DOGS));
        }
    }

    private static int known(TrickBoard board) {
        return board.counts().stream().mapToInt(TrickCount::dogs).sum();
    }

    private static Process process(TestDatabase database) {
        MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource(), TrickCountMapper.class);
        TrainingSchool school = new TrainingSchool(recorders);
        TrickBoard board = new TrickBoard(recorders);
        board.follow(school);
        return new Process(school, board);
    }

    /** What a process has made. */
    private record Process(TrainingSchool school, TrickBoard board) {}

    /** The databases. */
    enum Product {
        H2,
        POSTGRESQL;

        TestDatabase migrated() {
            return this == H2 ? H2Database.migrated() : PostgresDatabase.migrated();
        }
    }
}
