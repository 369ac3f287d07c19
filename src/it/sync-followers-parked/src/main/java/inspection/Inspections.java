package inspection;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.system.FailureAction;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import training.Dog;

/** Objects to one trick, and puts it aside. */
public final class Inspections extends Follower {
    public Inspections(RecorderFactory recorders) {
        super("Inspections", recorders);
        onFailure(FailureAction.PARK);
    }

    @Override
    protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
        if (event.payload() instanceof Dog.TrickAdded added && added.trick().equals("roll over")) {
            throw new IllegalStateException("To roll over is not in the syllabus");
        }
    }
}
