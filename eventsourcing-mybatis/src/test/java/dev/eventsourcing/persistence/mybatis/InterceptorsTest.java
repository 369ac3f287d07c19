package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.apache.ibatis.executor.Executor;
import org.apache.ibatis.executor.parameter.ParameterHandler;
import org.apache.ibatis.executor.resultset.ResultSetHandler;
import org.apache.ibatis.executor.statement.StatementHandler;
import org.apache.ibatis.mapping.BoundSql;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.mapping.MappedStatement;
import org.apache.ibatis.mapping.SqlCommandType;
import org.apache.ibatis.plugin.Interceptor;
import org.apache.ibatis.plugin.Intercepts;
import org.apache.ibatis.plugin.Invocation;
import org.apache.ibatis.plugin.Signature;
import org.apache.ibatis.reflection.SystemMetaObject;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.ResultHandler;
import org.apache.ibatis.session.RowBounds;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.SqlSessionManager;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Interceptors of the user's at each of the four places that MyBatis has for them, doing what plugins for tenants, pages,
 * secrets and audits do. The user's statements go through them; ours reach the database as they are, on whatever session.
 */
@ParameterizedClass
@EnumSource
class InterceptorsTest {
    private static final UUID DOG = new UUID(0, 1);
    private static final String LEADER = "TrainingSchool";

    @Parameter
    DatabaseKind kind;

    private TestDatabase database;
    private SqlSessionFactory factory;

    @BeforeEach
    void openDatabase() {
        database = kind.migrated();
        database.execute("CREATE TABLE diplomas (dog VARCHAR(40), trick VARCHAR(40), tenant INT DEFAULT 8)");
        database.execute("INSERT INTO diplomas (dog, trick) VALUES ('Fido', 'of another tenant')");
        Configuration users =
                new Configuration(new Environment("users", new JdbcTransactionFactory(), database.dataSource()));
        users.addMapper(DiplomaMapper.class);
        users.addInterceptor(new TenantInQueries());
        users.addInterceptor(new TenantInInserts());
        users.addInterceptor(new NoParametersButTheUsers());
        users.addInterceptor(new StarsBehindResults());
        factory = new SqlSessionFactoryBuilder().build(users);
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    @Test
    void leaveOurStatementsAloneInTransactionsOfOurOwn() {
        MyBatisRecorders recorders = MyBatisRecorders.over(factory);

        recorders.transactions().required(() -> process(recorders));

        assertEverythingIsThere();
    }

    @Test
    void leaveOurStatementsAloneInTheCallersSession() {
        MyBatisRecorders recorders = MyBatisRecorders.over(factory);

        try (SqlSession session = factory.openSession()) {
            recorders.within(session, () -> process(recorders));
            session.commit();
        }

        assertEverythingIsThere();
    }

    @Test
    void leaveOurStatementsAloneInAManagersSession() {
        SqlSessionManager manager = SqlSessionManager.newInstance(factory);
        MyBatisRecorders recorders = MyBatisRecorders.over(manager);

        manager.startManagedSession(false);
        process(recorders);
        manager.commit();
        manager.close();

        assertEverythingIsThere();
    }

    /** The user's statements and every kind of ours, in turns. */
    private static void process(MyBatisRecorders recorders) {
        ProcessRecorder recorder = recorders.processRecorder("Diplomas");
        DiplomaMapper diplomas = recorders.mapper(DiplomaMapper.class);
        List<StoredEvent> events = List.of(event(1), event(2));

        diplomas.award("Fido", "roll over");
        recorder.insertEvents(events, Tracking.first(LEADER, 21));
        recorder.insertEvents(
                List.of(), Tracking.after(LEADER, recorder.position(LEADER).orElseThrow(), 22));
        recorders.snapshotRecorder("Diplomas").insertEvents(List.of(event(2)));

        assertThat(diplomas.tricksOf("Fido")).containsExactly("roll over*");
        assertThat(recorder.selectEvents(DOG, VersionRange.all())).isEqualTo(events);
        assertThat(recorder.selectNotifications(NotificationSelection.after(0))).hasSize(2);
        assertThat(recorder.maxNotificationId()).hasValue(2);
        assertThat(recorder.position(LEADER)).contains(new Position(22, 0));
    }

    private static StoredEvent event(long version) {
        return new StoredEvent(DOG, version, "Dog.TrickAdded", new byte[] {1, (byte) version});
    }

    private void assertEverythingIsThere() {
        assertThat(database.column("SELECT trick FROM diplomas WHERE tenant = 7"))
                .containsExactly("roll over");
        assertThat(database.column("SELECT originator_version FROM stored_events ORDER BY id"))
                .containsExactly("1", "2");
        assertThat(database.column("SELECT notification_id FROM notification_tracking"))
                .containsExactly("22");
        assertThat(database.count("snapshots")).isEqualTo(1);
    }

    /** Rewrites whatever says that it is a query, where tables and columns of ours would be unknown. */
    @Intercepts(
            @Signature(
                    type = Executor.class,
                    method = "query",
                    args = {MappedStatement.class, Object.class, RowBounds.class, ResultHandler.class}))
    private static final class TenantInQueries implements Interceptor {
        @Override
        public Object intercept(Invocation invocation) throws Throwable {
            MappedStatement statement = (MappedStatement) invocation.getArgs()[0];
            if (statement.getSqlCommandType() != SqlCommandType.SELECT) {
                return invocation.proceed();
            }
            Object parameter = invocation.getArgs()[1];
            RowBounds page = (RowBounds) invocation.getArgs()[2];
            BoundSql users = statement.getBoundSql(parameter);
            BoundSql tenants = new BoundSql(
                    statement.getConfiguration(),
                    users.getSql().replaceFirst("WHERE", "WHERE tenant = 7 AND"),
                    users.getParameterMappings(),
                    parameter);
            Executor executor = (Executor) invocation.getTarget();
            return executor.query(
                    statement,
                    parameter,
                    page,
                    (ResultHandler<?>) invocation.getArgs()[3],
                    executor.createCacheKey(statement, parameter, page, tenants),
                    tenants);
        }
    }

    @Intercepts(
            @Signature(
                    type = StatementHandler.class,
                    method = "prepare",
                    args = {Connection.class, Integer.class}))
    private static final class TenantInInserts implements Interceptor {
        @Override
        public Object intercept(Invocation invocation) throws Throwable {
            BoundSql bound = ((StatementHandler) invocation.getTarget()).getBoundSql();
            if (bound.getSql().contains("INSERT INTO")) {
                SystemMetaObject.forObject(bound)
                        .setValue(
                                "sql",
                                bound.getSql()
                                        .replace(") VALUES (", ", tenant) VALUES (")
                                        .replaceFirst("\\)$", ", 7)"));
            }
            return invocation.proceed();
        }
    }

    @Intercepts(
            @Signature(
                    type = ParameterHandler.class,
                    method = "setParameters",
                    args = {PreparedStatement.class}))
    private static final class NoParametersButTheUsers implements Interceptor {
        @Override
        public Object intercept(Invocation invocation) throws Throwable {
            Object parameters = ((ParameterHandler) invocation.getTarget()).getParameterObject();
            assertThat(parameters.toString()).contains("Fido");
            return invocation.proceed();
        }
    }

    @Intercepts(
            @Signature(
                    type = ResultSetHandler.class,
                    method = "handleResultSets",
                    args = {Statement.class}))
    private static final class StarsBehindResults implements Interceptor {
        @Override
        public Object intercept(Invocation invocation) throws Throwable {
            return ((List<?>) invocation.proceed())
                    .stream().map(row -> row + "*").toList();
        }
    }
}
