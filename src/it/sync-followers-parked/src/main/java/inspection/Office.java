package inspection;

import static dev.eventsourcing.system.Pipe.pipe;

import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import training.TrainingSchool;

public final class Office {
    private Office() {}

    public static Runner runner() {
        MyBatisRecorders recorders = MyBatisRecorders.fromSettings();
        return new SingleThreadedRunner(EventDrivenSystem.of(pipe(TrainingSchool.class, Inspections.class)), recorders)
                .closing(recorders);
    }
}
