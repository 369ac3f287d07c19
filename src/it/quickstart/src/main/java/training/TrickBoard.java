package training;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import java.util.List;

public final class TrickBoard extends Follower {
    private final TrickCountMapper counts;

    public TrickBoard(MyBatisRecorders recorders) {
        super("TrickBoard", recorders);
        counts = recorders.forApplication(name()).mapper(TrickCountMapper.class);
        follows("TrainingSchool", Dog.TrickAdded.class); // other events are not even read
    }

    /** The table is the program's own; in a real one, a script of its migrations makes it. */
    public void createTable() {
        counts.createTable();
    }

    @Override
    protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
        if (event.payload() instanceof Dog.TrickAdded added && counts.addDog(added.trick()) == 0) {
            counts.insertFirstDog(added.trick());
        }
    }

    public List<TrickCount> counts() {
        return counts.selectAll();
    }
}
