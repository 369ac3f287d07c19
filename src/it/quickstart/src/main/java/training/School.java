package training;

import static dev.eventsourcing.system.Pipe.pipe;

import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;

public final class School {
    private School() {}

    /** For this program, and for the Maven goals, which find it by its type. */
    public static Runner runner() {
        MyBatisRecorders recorders = MyBatisRecorders.fromSettings(TrickCountMapper.class);
        EventDrivenSystem system = EventDrivenSystem.of(
                pipe(TrainingSchool.class, Diplomas.class), pipe(TrainingSchool.class, TrickBoard.class));
        return new SingleThreadedRunner(system, recorders).closing(recorders);
    }
}
