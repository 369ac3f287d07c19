package inspection;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import training.Dog;

/** Notes every trick, and objects to one when the note is written already. */
public final class Inspections extends Follower {
    private final InspectionMapper notes;

    public Inspections(MyBatisRecorders recorders) {
        super("Inspections", recorders);
        notes = recorders.mapper(InspectionMapper.class);
    }

    @Override
    protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
        if (event.payload() instanceof Dog.TrickAdded added) {
            System.out.println("Inspecting " + added.trick());
            notes.insert(added.trick());
            if (added.trick().equals("roll over")) {
                throw new IllegalStateException("To roll over is not in the syllabus");
            }
        }
    }
}
