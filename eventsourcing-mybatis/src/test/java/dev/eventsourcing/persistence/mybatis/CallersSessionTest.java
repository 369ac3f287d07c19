package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.VersionRange;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ibatis.executor.Executor;
import org.apache.ibatis.executor.statement.StatementHandler;
import org.apache.ibatis.mapping.MappedStatement;
import org.apache.ibatis.plugin.Interceptor;
import org.apache.ibatis.plugin.Intercepts;
import org.apache.ibatis.plugin.Invocation;
import org.apache.ibatis.plugin.Signature;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.ResultHandler;
import org.apache.ibatis.session.RowBounds;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.type.BaseTypeHandler;
import org.apache.ibatis.type.JdbcType;
import org.junit.jupiter.api.Test;

/** Work on a session that the caller has opened. */
class CallersSessionTest extends TransactionContract {
    private SqlSessionFactory factory;

    @Override
    MyBatisRecorders newRecorders() {
        factory = factory();
        return MyBatisRecorders.over(factory);
    }

    @Override
    void inTransaction(Runnable work) {
        try (SqlSession session = factory.openSession(false)) {
            recorders.within(session, work);
            session.commit();
        }
    }

    @Test
    void keepsNothingWhenTheCallerRollsBackASessionThatOnlySelected() {
        try (SqlSession session = factory.openSession()) {
            session.getMapper(DiplomaMapper.class).tricksOf("Fido");
            recorders.within(session, () -> recorder.insertEvents(events(1, 2), Tracking.first(LEADER, 21)));

            session.rollback();
        }

        assertNothingIsThere();
    }

    @Test
    void keepsNothingWhenTheCallerClosesASessionThatOnlySelected() {
        try (SqlSession session = factory.openSession()) {
            session.getMapper(DiplomaMapper.class).tricksOf("Fido");
            recorders.within(session, () -> recorder.insertEvents(events(1, 2)));
        }

        assertNothingIsThere();
    }

    @Test
    void keepsNoPositionAndNoSnapshotWhenTheCallerCloses() {
        for (Runnable write : List.<Runnable>of(
                () -> recorder.insertEvents(List.of(), Tracking.first(LEADER, 21)),
                () -> recorders.snapshotRecorder("Diplomas").insertEvents(events(1, 1)))) {
            try (SqlSession session = factory.openSession()) {
                recorders.within(session, write);
            }
        }

        assertThat(database.count("notification_tracking")).isZero();
        assertThat(database.count("snapshots")).isZero();
    }

    @Test
    void keepsNoMoveOfAPositionWhenTheCallerCloses() {
        recorder.insertEvents(List.of(), Tracking.first(LEADER, 21));

        try (SqlSession session = factory.openSession()) {
            recorders.within(
                    session,
                    () -> recorder.insertEvents(
                            List.of(),
                            Tracking.after(LEADER, recorder.position(LEADER).orElseThrow(), 22)));
        }

        assertThat(database.column("SELECT notification_id FROM notification_tracking"))
                .containsExactly("21");
    }

    @Test
    void commitsWithTheCallersPlainCommit() {
        try (SqlSession session = factory.openSession()) {
            recorders.within(session, this::process);

            session.commit();
        }

        assertEverythingIsThere();
    }

    @Test
    void leavesTheSessionToTheCaller() throws Exception {
        try (SqlSession session = factory.openSession()) {
            recorders.within(session, this::process);
            recorders.within(session, () -> recorders.transactions().required(() -> recorder.position(LEADER)));

            assertThat(session.getConnection().isClosed()).isFalse();
            assertThat(session.getConnection().getAutoCommit()).isFalse();
            assertNothingIsThere();
            session.commit();
        }

        assertEverythingIsThere();
    }

    @Test
    void leavesWhatTheCallersSessionHasCachedWhenItReads() {
        database.execute("INSERT INTO diplomas VALUES ('Fido', 'sit')");

        try (SqlSession session = factory.openSession()) {
            List<String> cached = session.getMapper(DiplomaMapper.class).tricksOf("Fido");
            recorders.within(session, () -> {
                recorder.selectEvents(DOG, VersionRange.all());
                recorder.selectNotifications(NotificationSelection.after(0).topics(Set.of("Dog.TrickAdded")));
                recorder.maxNotificationId();
                recorder.position(LEADER);
            });

            assertThat(session.getMapper(DiplomaMapper.class).tricksOf("Fido")).isSameAs(cached);
        }
    }

    @Test
    void sendsWhatTheCallerHasBatchedFirst() {
        try (SqlSession session = factory.openSession(ExecutorType.BATCH)) {
            session.getMapper(DiplomaMapper.class).award("Fido", "roll over");
            recorders.within(session, () -> recorder.insertEvents(events(1, 2), Tracking.first(LEADER, 21)));

            assertThat(session.flushStatements()).isEmpty();
            session.commit();
        }

        assertEverythingIsThere();
    }

    @Test
    void worksOnASessionThatReusesStatements() {
        try (SqlSession session = factory.openSession(ExecutorType.REUSE)) {
            recorders.within(session, () -> {
                recorder.insertEvents(events(1, 1));
                recorder.insertEvents(events(2, 2));
                assertThat(recorder.selectEvents(DOG, VersionRange.all())).isEqualTo(events(1, 2));
            });
            session.commit();
        }

        assertThat(database.count("stored_events")).isEqualTo(2);
    }

    @Test
    void refusesASessionThatCommitsByItself() {
        try (SqlSession session = factory.openSession(true)) {
            assertThatThrownBy(() -> recorders.within(session, () -> recorder.insertEvents(events(1, 2))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("openSession(false)");
        }

        assertNothingIsThere();
    }

    @Test
    void refusesASessionInsideOfAnotherTransaction() {
        try (SqlSession session = factory.openSession()) {
            assertThatThrownBy(() -> recorders.transactions().required(() -> recorders.within(session, () -> {})))
                    .isInstanceOf(ConfigurationException.class);
            assertThatThrownBy(() -> recorders.within(session, () -> recorders.within(session, () -> {})))
                    .isInstanceOf(ConfigurationException.class);
        }
    }

    @Test
    void hasNothingThatTellsWhenTheCallerCommits() {
        inTransaction(() -> {
            assertThat(recorders.transactions().active()).isTrue();
            assertThat(recorders.transactions().afterCommit(() -> {})).isFalse();
        });
    }

    @Test
    void isNotDisturbedByTheCallersSettingsTypeHandlersAndInterceptors() {
        Configuration users = factory.getConfiguration();
        users.setMapUnderscoreToCamelCase(true);
        users.setUseActualParamName(false);
        users.setDefaultStatementTimeout(30);
        users.getTypeHandlerRegistry().register(UUID.class, new UuidAsText());
        CountingExecutions executions = new CountingExecutions();
        FailingStatements statements = new FailingStatements();
        users.addInterceptor(executions);
        users.addInterceptor(statements);

        inTransaction(() -> {
            recorder.insertEvents(events(1, 2), Tracking.first(LEADER, 21));
            assertThat(recorder.selectEvents(DOG, VersionRange.all())).isEqualTo(events(1, 2));
        });

        assertThat(database.count("stored_events")).isEqualTo(2);
        assertThat(executions.count).hasPositiveValue();
        assertThat(users.getTypeHandlerRegistry().getTypeHandler(UUID.class)).isInstanceOf(UuidAsText.class);
    }

    private static final class UuidAsText extends BaseTypeHandler<UUID> {
        @Override
        public void setNonNullParameter(PreparedStatement statement, int index, UUID id, JdbcType type)
                throws SQLException {
            statement.setString(index, id.toString());
        }

        @Override
        public UUID getNullableResult(ResultSet row, String column) throws SQLException {
            return UUID.fromString(row.getString(column));
        }

        @Override
        public UUID getNullableResult(ResultSet row, int column) throws SQLException {
            return UUID.fromString(row.getString(column));
        }

        @Override
        public UUID getNullableResult(CallableStatement call, int column) throws SQLException {
            return UUID.fromString(call.getString(column));
        }
    }

    @Intercepts(
            @Signature(
                    type = Executor.class,
                    method = "query",
                    args = {MappedStatement.class, Object.class, RowBounds.class, ResultHandler.class}))
    private static final class CountingExecutions implements Interceptor {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public Object intercept(Invocation invocation) throws Throwable {
            count.incrementAndGet();
            return invocation.proceed();
        }
    }

    /** Such as one that puts a tenant or a page into every statement. */
    @Intercepts(
            @Signature(
                    type = StatementHandler.class,
                    method = "prepare",
                    args = {Connection.class, Integer.class}))
    private static final class FailingStatements implements Interceptor {
        @Override
        public Object intercept(Invocation invocation) {
            throw new IllegalStateException("a user's interceptor has met a statement of ours");
        }
    }
}
