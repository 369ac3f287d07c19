package dev.eventsourcing.persistence.mybatis;

import static dev.eventsourcing.testsupport.Sneaky.sneak;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventsourcing.persistence.OutcomeUnknownException;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
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
    private CommittingForCheckedExceptions container;
    private TrainingSchool school;

    @BeforeEach
    void open() {
        database = kind.migrated();
        DataSource dataSource = database.dataSource();
        container = new CommittingForCheckedExceptions(new DataSourceTransactionManager(dataSource), dataSource);
        school = new TrainingSchool(MyBatisRecorders.over(
                new SqlSessionFactoryBuilder()
                        .build(new Configuration(
                                new Environment("users", new SpringManagedTransactionFactory(), dataSource))),
                container));
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** A container may wrap the exception; the caller gets it itself. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTransactionOfOursIsRolledBack(boolean wraps) {
        IOException checked = new IOException("checked");
        container.wraps = wraps;

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

    /** As RollbackException is, which JTA declares for a commit. */
    @Test
    void aCommitThatFailsWithACheckedExceptionIsInDoubtLikeAnyOther() {
        container.failsAfterCommit = new SQLException("the connection is gone", "08006");

        Throwable thrown = catchThrowable(() -> school.transactions().required(() -> school.register("Fido")));

        assertThat(thrown).isInstanceOf(OutcomeUnknownException.class);
        assertThat(database.count("stored_events")).isEqualTo(1);
    }

    /** Spring's transactions with the rules of JTA. */
    private static final class CommittingForCheckedExceptions implements Transactions {
        private final PlatformTransactionManager manager;
        private final Transactions spring;
        private boolean wraps;
        private @Nullable SQLException failsAfterCommit;

        CommittingForCheckedExceptions(PlatformTransactionManager manager, DataSource dataSource) {
            this.manager = manager;
            this.spring = new SpringTransactions(manager, dataSource);
        }

        @Override
        public <T> T required(Supplier<T> work) {
            TransactionStatus status = manager.getTransaction(new DefaultTransactionDefinition());
            T result;
            try {
                result = work.get();
            } catch (RuntimeException | Error e) {
                manager.rollback(status);
                if (wraps) {
                    throw new IllegalStateException("The container rolled back", e);
                }
                throw e;
            } catch (Throwable e) {
                manager.commit(status);
                throw e;
            }
            manager.commit(status);
            if (failsAfterCommit != null) {
                throw sneak(failsAfterCommit);
            }
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
