package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.RecordConflictException;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.spring.SpringTransactions;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.TestDatabase;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.apache.ibatis.session.SqlSessionFactory;
import org.junit.jupiter.api.Test;
import org.mybatis.spring.SqlSessionFactoryBean;
import org.mybatis.spring.SqlSessionTemplate;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;

/** Spring's own transactions, of methods that are {@code @Transactional}. */
class SpringTransactionsTest extends AfterCommitContract {
    private AnnotationConfigApplicationContext spring;

    @Override
    MyBatisRecorders newRecorders() {
        spring = new AnnotationConfigApplicationContext();
        spring.registerBean(DataSource.class, () -> database.dataSource());
        spring.register(School.class);
        spring.refresh();
        return spring.getBean(MyBatisRecorders.class);
    }

    @Override
    void inTransaction(Runnable work) {
        spring.getBean(Service.class).transactional(work);
    }

    @Override
    void awaitSnapshots(BooleanSupplier taken) {
        Concurrently.awaitUntil(taken);
    }

    @Configuration
    @EnableTransactionManagement
    static class School {
        @Bean
        PlatformTransactionManager transactionManager(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }

        @Bean
        SqlSessionFactory sqlSessionFactory(DataSource dataSource) throws Exception {
            SqlSessionFactoryBean bean = new SqlSessionFactoryBean();
            bean.setDataSource(dataSource);
            SqlSessionFactory factory = bean.getObject();
            factory.getConfiguration().addMapper(DiplomaMapper.class);
            return factory;
        }

        @Bean
        SqlSessionTemplate sqlSessionTemplate(SqlSessionFactory factory) {
            return new SqlSessionTemplate(factory);
        }

        @Bean
        MyBatisRecorders recorders(SqlSessionFactory factory, PlatformTransactionManager manager) {
            return MyBatisRecorders.over(
                    factory,
                    new SpringTransactions(
                            manager, factory.getConfiguration().getEnvironment().getDataSource()));
        }

        @Bean
        Service service() {
            return new Service();
        }
    }

    static class Service {
        @Transactional
        public void transactional(Runnable work) {
            work.run();
        }

        @Transactional(propagation = Propagation.REQUIRES_NEW)
        public void transactionalOfItsOwn(Runnable work) {
            work.run();
        }

        @Transactional
        public void transactionalButRolledBack(Runnable work) {
            work.run();
            TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
        }
    }

    @Test
    void includeTheMappersThatSpringInjects() {
        DiplomaMapper injected = spring.getBean(SqlSessionTemplate.class).getMapper(DiplomaMapper.class);

        assertThatThrownBy(() -> inTransaction(() -> {
                    injected.award("Fido", "roll over");
                    recorder.insertEvents(events(1, 2), Tracking.first(LEADER, 21));
                    assertThat(diplomas.tricksOf("Fido")).containsExactly("roll over");
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        assertNothingIsThere();
        inTransaction(() -> {
            injected.award("Fido", "roll over");
            recorder.insertEvents(events(1, 2), Tracking.first(LEADER, 21));
        });

        assertEverythingIsThere();
    }

    @Test
    void keepNothingWhenTheyAreMarkedForRollback() {
        spring.getBean(Service.class).transactionalButRolledBack(this::process);

        assertNothingIsThere();
    }

    @Test
    void keepWhatATransactionInsideOfThemHasCommitted() {
        assertThatThrownBy(() -> inTransaction(() -> {
                    spring.getBean(Service.class).transactionalOfItsOwn(this::process);
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);

        assertEverythingIsThere();
    }

    @Test
    void goOnAfterAConflictInWorkThatJoinsThem() {
        recorder.insertEvents(events(1, 1));

        inTransaction(() -> {
            assertThatThrownBy(() -> recorders.transactions().required(() -> recorder.insertEvents(events(1, 1))))
                    .isInstanceOf(RecordConflictException.class);
            recorder.insertEvents(events(2, 2));
        });

        assertThat(database.count("stored_events")).isEqualTo(2);
    }

    @Test
    void areRefusedWhenTheyCoverAnotherDataSource() {
        try (TestDatabase other = kind.migrated()) {
            MyBatisRecorders elsewhere = MyBatisRecorders.over(
                    spring.getBean(SqlSessionFactory.class),
                    new SpringTransactions(new DataSourceTransactionManager(other.dataSource()), other.dataSource()));

            assertThatThrownBy(() -> elsewhere
                            .transactions()
                            .required(
                                    () -> elsewhere.processRecorder("Diplomas").insertEvents(events(1, 2))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("data source of the transaction manager");
        }

        assertNothingIsThere();
    }

    @Test
    void areRefusedWithoutAWayToJoinThem() {
        SqlSessionFactory factory = spring.getBean(SqlSessionFactory.class);

        assertThatThrownBy(() -> MyBatisRecorders.over(factory))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("SpringManagedTransactionFactory", "over(factory, transactions)");
    }

    @Test
    void giveTheirConnectionsBack() {
        for (int i = 0; i < 40; i++) {
            int version = i;
            inTransaction(() -> recorder.insertEvents(events(version, version)));
            recorder.selectEvents(DOG, VersionRange.all());
        }

        assertThat(((HikariDataSource) database.dataSource())
                        .getHikariPoolMXBean()
                        .getActiveConnections())
                .isZero();
        assertThat(database.column("SELECT count(*) FROM stored_events")).isEqualTo(List.of("40"));
    }
}
