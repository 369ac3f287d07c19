package dev.eventsourcing.persistence.mybatis;

import static dev.eventsourcing.testsupport.Sneaky.sneak;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventsourcing.persistence.Transactions;
import dev.eventsourcing.spring.SpringTransactions;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.mybatis.spring.transaction.SpringManagedTransactionFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import training.TrainingSchool;

/** Containers commit when a checked exception comes out of the work, as JTA says they do. Ours is not among what they get to see. */
@ParameterizedClass
@EnumSource
class CheckedExceptionsInContainersTest {
    @Parameter
    DatabaseKind kind;

    private TestDatabase database;
    private TrainingSchool school;

    @BeforeEach
    void open() {
        database = kind.migrated();
        DataSource dataSource = database.dataSource();
        school = new TrainingSchool(MyBatisRecorders.over(
                new SqlSessionFactoryBuilder()
                        .build(new Configuration(
                                new Environment("users", new SpringManagedTransactionFactory(), dataSource))),
                new CommittingForCheckedExceptions(new DataSourceTransactionManager(dataSource), dataSource)));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aTransactionOfOursIsRolledBack() {
        IOException checked = new IOException("checked");

        Throwable thrown = catchThrowable(() -> school.transactions().required(() -> {
            school.register("Fido");
            throw sneak(checked);
        }));

        assertThat(thrown).isSameAs(checked);
        assertThat(database.count("stored_events")).isZero();
    }

    /** The user's own error of the database has ended the transaction; that it is checked makes no difference. */
    @Test
    void aJoinedTransactionThatTheDatabaseHasEndedIsRolledBack() {
        SQLException ended = new SQLException("deadlock", "40001");

        Throwable thrown = catchThrowable(() -> school.transactions().required(() -> {
            school.register("Fido");
            Throwable inner = catchThrowable(() -> school.transactions().required(() -> {
                throw sneak(ended);
            }));
            assertThat(inner).isSameAs(ended);
        }));

        assertThat(thrown).isNotNull();
        assertThat(database.count("stored_events")).isZero();
    }

    /** Spring's transactions with the rules of JTA. */
    private record CommittingForCheckedExceptions(PlatformTransactionManager manager, Transactions spring)
            implements Transactions {
        CommittingForCheckedExceptions(PlatformTransactionManager manager, DataSource dataSource) {
            this(manager, new SpringTransactions(manager, dataSource));
        }

        @Override
        public <T> T required(Supplier<T> work) {
            TransactionStatus status = manager.getTransaction(new DefaultTransactionDefinition());
            T result;
            try {
                result = work.get();
            } catch (RuntimeException | Error e) {
                manager.rollback(status);
                throw e;
            } catch (Throwable e) {
                manager.commit(status);
                throw e;
            }
            manager.commit(status);
            return result;
        }

        @Override
        public boolean active() {
            return spring.active();
        }

        @Override
        public boolean afterCommit(Runnable action) {
            return spring.afterCommit(action);
        }
    }
}
