package dev.eventsourcing.guice;

import static dev.eventsourcing.system.Pipe.pipe;

import com.google.inject.AbstractModule;
import com.google.inject.Injector;
import com.google.inject.Provides;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import jakarta.inject.Singleton;
import javax.sql.DataSource;
import training.TrainingSchool;
import training.TrickCountMapper;

/** The training school in an injector that has a data source. */
public final class SchoolModule extends AbstractModule {
    @Override
    protected void configure() {
        bind(RecorderFactory.class).to(MyBatisRecorders.class);
    }

    @Provides
    @Singleton
    MyBatisRecorders recorders(DataSource dataSource) {
        return MyBatisRecorders.over(dataSource, TrickCountMapper.class);
    }

    @Provides
    TrickCountMapper trickCounts(MyBatisRecorders recorders) {
        return recorders.mapper(TrickCountMapper.class);
    }

    @Provides
    @Singleton
    TrainingSchool school(RecorderFactory recorders) {
        return new TrainingSchool(recorders);
    }

    @Provides
    @Singleton
    Runner runner(Injector injector) {
        EventDrivenSystem system = EventDrivenSystem.of(pipe(TrainingSchool.class, Favourites.class));
        return new SingleThreadedRunner(system, injector::getInstance);
    }
}
