package dev.eventsourcing.spring;

import static dev.eventsourcing.system.Pipe.pipe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.Instances;
import dev.eventsourcing.system.ProcessingEvent;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import dev.eventsourcing.testsupport.H2Database;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import training.Diplomas;
import training.Dog;
import training.TrainingSchool;
import training.TrickBoard;
import training.TrickCount;
import training.TrickCountMapper;

/** A system whose applications are beans of Spring. */
class SpringSystemTest {
    private final H2Database database = H2Database.migrated();
    private final AnnotationConfigApplicationContext spring = new AnnotationConfigApplicationContext();

    @BeforeEach
    void createTheTableOfTheBoard() {
        MyBatisRecorders.over(database.dataSource(), TrickCountMapper.class)
                .mapper(TrickCountMapper.class)
                .createTable();
        spring.registerBean(DataSource.class, database::dataSource, definition -> definition.setDestroyMethodName(""));
    }

    @AfterEach
    void close() {
        spring.close();
        database.close();
    }

    @Test
    void itsApplicationsAreTheBeans() {
        start(SchoolConfiguration.class);

        Runner runner = spring.getBean(Runner.class);

        assertThat(runner.system().applications())
                .hasSize(3)
                .allSatisfy(type -> assertThat(runner.get(type)).isSameAs(spring.getBean(type)));
    }

    @Test
    void aSaveIsProcessedWhenTheTransactionOfASpringServiceIsCommittedAndNotBefore() {
        start(SchoolConfiguration.class);
        TrickBoard board = spring.getBean(TrickBoard.class);
        List<String> told = new ArrayList<>();
        spring.getBean(TrainingSchool.class).onRecorded(recordings -> told.add("committed"));

        spring.getBean(Lessons.class).firstLesson("Fido", "sit", () -> {
            assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                    .isTrue();
            assertThat(told).isEmpty();
            assertThat(board.counts()).isEmpty();
        });

        assertThat(told).containsExactly("committed", "committed");
        assertThat(board.counts()).containsExactly(new TrickCount("sit", 1));
    }

    @Test
    void aSaveThatSpringRollsBackPromptsNobody() {
        start(SchoolConfiguration.class);
        List<String> told = new ArrayList<>();
        spring.getBean(TrainingSchool.class).onRecorded(recordings -> told.add("committed"));

        assertThatIllegalStateException()
                .isThrownBy(() -> spring.getBean(Lessons.class).firstLesson("Fido", "sit", () -> {
                    throw new IllegalStateException("roll back");
                }));

        assertThat(told).isEmpty();
        assertThat(spring.getBean(TrickBoard.class).counts()).isEmpty();
        assertThat(database.count("stored_events")).isZero();
    }

    @Test
    void aSaveOutsideOfTransactionsIsProcessedWhenItReturns() {
        start(SchoolConfiguration.class);
        TrainingSchool school = spring.getBean(TrainingSchool.class);

        school.register("Fido");
        List.of("sit", "fetch", "roll over").forEach(trick -> school.addTrick("Fido", trick));

        assertThat(spring.getBean(Diplomas.class).hasDiploma("Fido")).isTrue();
        assertThat(spring.getBean(TrickBoard.class).counts()).hasSize(3);
    }

    @Test
    void closingTheRunnerClosesNothingOfTheContainer() {
        start(ClosableBeans.class);
        TrainingSchool school = spring.getBean(TrainingSchool.class);
        Watch watch = spring.getBean(Watch.class);

        spring.getBean(Runner.class).close();

        school.register("Fido");
        assertThat(watch.seen).isEmpty();
        assertThat(watch.closed).isZero();
        assertThat(((HikariDataSource) spring.getBean(DataSource.class)).isClosed())
                .isFalse();
        assertThat(watch.pullAndProcess("TrainingSchool")).isEqualTo(1);
        spring.close();
        assertThat(watch.closed).isEqualTo(1);
    }

    @Test
    void theContextClosesTheRunnerBeforeTheApplications() {
        start(ClosableBeans.class);
        Runner runner = spring.getBean(Runner.class);
        Watch watch = spring.getBean(Watch.class);
        watch.beforeClosing = () -> assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(runner::start)
                .withMessageContaining("closed before");

        spring.close();

        assertThat(watch.closed).isEqualTo(1);
    }

    @Test
    void aProxyWithoutAStateIsRefusedWithTheCure() {
        start(ProxiedBeans.class);
        EventDrivenSystem system = EventDrivenSystem.of(pipe(Kennel.class));
        Kennel proxy = spring.getBean(Kennel.class);

        assertThat(AopUtils.isCglibProxy(proxy)).isTrue();
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new SingleThreadedRunner(system, spring::getBean))
                .withMessage("What the system was given as " + Kennel.class.getName() + " is a proxy, "
                        + proxy.getClass().getName() + ", without the state of an application. Give it the object"
                        + " behind the proxy, in Spring AopProxyUtils.getSingletonTarget(bean); or move what calls for"
                        + " the proxy, such as @Transactional, to a class that uses the application.");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new SingleThreadedRunner(system, Instances.of(proxy)))
                .withMessageContaining("is a proxy");
    }

    @Test
    void theObjectBehindAProxyIsRunAndTheProxySavesThroughIt() {
        start(ProxiedBeans.class);
        Kennel proxy = spring.getBean(Kennel.class);
        Kennel kennel = (Kennel) AopProxyUtils.getSingletonTarget(proxy);
        Watch watch = spring.getBean(Watch.class);

        try (Runner runner = new SingleThreadedRunner(
                EventDrivenSystem.of(pipe(Kennel.class, Watch.class)), Instances.of(kennel, watch))) {
            runner.start();

            proxy.admit("Fido");

            assertThat(kennel.admittedInTransactions).containsExactly(true);
            assertThat(watch.seen).containsExactly("Fido");
        }
    }

    private void start(Class<?> configuration) {
        spring.register(configuration);
        spring.refresh();
    }

    @Configuration
    @Import(SchoolConfiguration.class)
    static class ClosableBeans {
        @Bean
        Watch watch(MyBatisRecorders recorders) {
            return new Watch(recorders);
        }

        @Bean(initMethod = "start")
        Runner runner(ApplicationContext context) {
            return new SingleThreadedRunner(
                    EventDrivenSystem.of(pipe(TrainingSchool.class, Watch.class)), context::getBean);
        }
    }

    @Configuration
    @Import(SchoolConfiguration.class)
    static class ProxiedBeans {
        @Bean
        Kennel kennel(MyBatisRecorders recorders) {
            return new Kennel(recorders);
        }

        @Bean
        Watch watch(MyBatisRecorders recorders) {
            return new Watch(recorders);
        }
    }

    /** An application for which Spring makes a proxy, as a method of its own is transactional. */
    static class Kennel extends Application {
        final List<Boolean> admittedInTransactions = new ArrayList<>();

        Kennel(RecorderFactory recorders) {
            super("Kennel", recorders);
            repository(Dog.class, id -> {
                throw new UnsupportedOperationException();
            });
        }

        @Transactional
        public void admit(String dog) {
            admittedInTransactions.add(transactions().active());
            save(Dog.register(dog));
        }
    }

    /** A follower that a container would close. */
    static final class Watch extends Follower implements AutoCloseable {
        final List<String> seen = new ArrayList<>();
        Runnable beforeClosing = () -> {};
        int closed;

        Watch(RecorderFactory recorders) {
            super("Watch", recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {
            seen.add(((Dog.Registered) event.payload()).name());
        }

        @Override
        public void close() {
            beforeClosing.run();
            closed++;
        }
    }
}
