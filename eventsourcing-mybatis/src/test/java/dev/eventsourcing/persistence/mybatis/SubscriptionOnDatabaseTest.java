package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.application.Subscription;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.CuttingProxy;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Slow;
import dev.eventsourcing.testsupport.TestDatabase;
import dev.eventsourcing.testsupport.Warnings;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import training.Dog.Registered;
import training.TrainingSchool;

/** Subscriptions where others commit late, and where connections break. */
class SubscriptionOnDatabaseTest {
    private static List<Object> take(Subscription events, int count) {
        Iterator<Recording> iterator = events.iterator();
        List<Object> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(iterator.next().event().payload());
        }
        return taken;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anOpenAppendHoldsBackWhatIsBehindItAndNothingIsMissed(boolean commits) {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource());
            TrainingSchool school = new TrainingSchool(recorders);
            TrainingSchool elsewhere = new TrainingSchool(MyBatisRecorders.over(database.dataSource()));
            CountDownLatch appended = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            school.register("Early");
            try (Subscription events = Subscription.to(school).open()) {
                assertThat(take(events, 1)).containsExactly(new Registered("Early"));
                Running<Boolean> late =
                        Concurrently.start(() -> elsewhere.transactions().required(() -> {
                            elsewhere.register("Late");
                            appended.countDown();
                            Concurrently.await(release);
                            if (!commits) {
                                throw new IllegalStateException("changed my mind");
                            }
                            return true;
                        }));
                Concurrently.await(appended);
                school.register("Fido");
                Running<List<Object>> rest = Concurrently.start(() -> take(events, commits ? 2 : 1));
                rest.awaitDoneOr(thread -> thread.getState() == Thread.State.TIMED_WAITING);
                assertThat(rest.isDone()).isFalse();

                release.countDown();

                assertThat(rest.get())
                        .isEqualTo(
                                commits
                                        ? List.of(new Registered("Late"), new Registered("Fido"))
                                        : List.of(new Registered("Fido")));
                assertThat(late.result().handle((done, error) -> error == null).join())
                        .isEqualTo(commits);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSessionOfTheUsersIsSeenAlthoughNobodyTellsOfItsCommit(DatabaseKind kind) {
        try (TestDatabase database = kind.migrated()) {
            SqlSessionFactory factory = new SqlSessionFactoryBuilder()
                    .build(new Configuration(
                            new Environment("users", new JdbcTransactionFactory(), database.dataSource())));
            MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource());
            TrainingSchool school = new TrainingSchool(recorders);
            try (Subscription events = Subscription.to(school).open();
                    SqlSession session = factory.openSession(false)) {
                Running<List<Object>> next = Concurrently.start(() -> take(events, 1));
                recorders.within(session, () -> school.register("Fido"));

                session.commit();

                assertThat(next.get()).containsExactly(new Registered("Fido"));
            }
        }
    }

    /** First the connection breaks before the database is asked, then before it answers, then with what is read. */
    @Slow("a pool pauses before it connects again")
    @ParameterizedTest
    @EnumSource
    void aBrokenConnectionMissesNothing(DatabaseKind kind) throws Exception {
        try (TestDatabase database = kind.migrated();
                Proxied proxied = new Proxied(kind, database);
                Warnings warnings = new Warnings()) {
            TrainingSchool school = new TrainingSchool(MyBatisRecorders.over(database.dataSource()));
            TrainingSchool behindProxy = new TrainingSchool(proxied.recorders());
            school.register("One");
            try (Subscription events = Subscription.to(behindProxy).open()) {
                proxied.proxy.cutBefore("stored_events");
                assertThat(take(events, 1)).containsExactly(new Registered("One"));
                assertThat(proxied.proxy.hasCut()).isTrue();

                Running<List<Object>> rest = Concurrently.start(() -> take(events, 4));
                proxied.proxy.cutBeforeAnswer("stored_events", 0);
                Concurrently.awaitUntil(proxied.proxy::hasCut);
                school.register("Two");
                school.register("Three");
                proxied.proxy.cutBeforeAnswer("originator_version", 0);
                school.register("Four");
                school.register("Five");

                assertThat(rest.get())
                        .containsExactly(
                                new Registered("Two"),
                                new Registered("Three"),
                                new Registered("Four"),
                                new Registered("Five"));
                assertThat(warnings.text()).containsOnlyOnce("The log of TrainingSchool cannot be read after 0");
            }
        }
    }

    /** A database behind a proxy that cuts. */
    private static final class Proxied implements AutoCloseable {
        final CuttingProxy proxy;
        private final @Nullable Server h2;
        private final String driver;
        private final String url;

        Proxied(DatabaseKind kind, TestDatabase database) throws Exception {
            if (kind == DatabaseKind.H2) {
                h2 = Server.createTcpServer("-tcpPort", "0").start();
                proxy = new CuttingProxy("localhost", h2.getPort());
                driver = "org.h2.Driver";
                url = database.url().replace("jdbc:h2:mem:", "jdbc:h2:tcp://localhost:" + proxy.port() + "/mem:");
            } else {
                h2 = null;
                URI direct = URI.create(database.url().substring("jdbc:".length()));
                proxy = new CuttingProxy(direct.getHost(), direct.getPort());
                driver = "org.postgresql.Driver";
                url = database.url().replace(direct.getHost() + ":" + direct.getPort(), "localhost:" + proxy.port());
            }
        }

        MyBatisRecorders recorders() {
            return MyBatisRecorders.over(new UnpooledDataSource(driver, url, null));
        }

        @Override
        public void close() throws Exception {
            proxy.close();
            if (h2 != null) {
                h2.stop();
            }
        }
    }
}
