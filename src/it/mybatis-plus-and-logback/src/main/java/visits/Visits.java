package visits;

import com.baomidou.mybatisplus.extension.plugins.pagination.Page;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import training.Dog;

public final class Visits extends Follower {
    private static final Logger LOG = LoggerFactory.getLogger(Visits.class);

    private final VisitMapper visits;

    public Visits(MyBatisRecorders recorders) {
        super("Visits", recorders);
        visits = recorders.mapper(VisitMapper.class);
        follows("TrainingSchool", Dog.TrickAdded.class);
    }

    @Override
    protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
        if (event.payload() instanceof Dog.TrickAdded added) {
            visits.insert(new Visit(added.trick()));
            Page<Visit> page = visits.selectPage(new Page<>(1, 2), null);
            LOG.warn("A page has {} of {} visits", page.getRecords().size(), page.getTotal());
        }
    }
}
