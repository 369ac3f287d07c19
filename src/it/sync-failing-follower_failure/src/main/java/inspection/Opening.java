package inspection;

import static dev.eventsourcing.system.Pipe.pipe;

import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import training.TrainingSchool;
import training.TrickBoard;
import training.TrickCountMapper;

public final class Opening {
    private Opening() {}

    public static Runner runner() {
        MyBatisRecorders recorders = recorders();
        EventDrivenSystem system = EventDrivenSystem.of(
                pipe(TrainingSchool.class, Inspections.class), pipe(TrainingSchool.class, TrickBoard.class));
        return new SingleThreadedRunner(system, recorders).closing(recorders);
    }

    public static void main(String[] arguments) {
        try (MyBatisRecorders recorders = recorders()) {
            recorders.mapper(InspectionMapper.class).createTable();
        }
        training.Day.main(arguments);
    }

    private static MyBatisRecorders recorders() {
        return MyBatisRecorders.fromSettings(TrickCountMapper.class, InspectionMapper.class);
    }
}
