package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.VersionRange;
import dev.eventsourcing.spring.SpringTransactions;
import dev.eventsourcing.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.ibatis.datasource.pooled.PooledDataSource;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.SqlSessionManager;
import org.apache.ibatis.transaction.TransactionFactory;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.mybatis.spring.transaction.SpringManagedTransactionFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Data sources that hand out one connection for all. */
@ParameterizedClass
@EnumSource
class SharedConnectionTest {
    @Parameter
    DatabaseKind kind;

    private TestDatabase database;

    @BeforeEach
    void openDatabase() {
        database = kind.migrated();
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    /** Whether or not they let themselves be closed. */
    private Stream<Supplier<DataSource>> shared() {
        return Stream.of(
                () -> new SingleConnectionDataSource(database.url(), true),
                () -> new SingleConnectionDataSource(database.url(), false),
                () -> fixed(new SingleConnectionDataSource(database.url(), false)));
    }

    private static DataSource fixed(DataSource source) {
        try {
            Connection fixed = source.getConnection();
            return new UnpooledDataSource() {
                @Override
                public Connection getConnection() {
                    return fixed;
                }
            };
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String driver() {
        return kind == DatabaseKind.H2 ? "org.h2.Driver" : "org.postgresql.Driver";
    }

    private static MyBatisRecorders own(DataSource dataSource) {
        return MyBatisRecorders.over(factory(new JdbcTransactionFactory(), dataSource));
    }

    private static MyBatisRecorders managed(DataSource dataSource) {
        return MyBatisRecorders.over(SqlSessionManager.newInstance(factory(new JdbcTransactionFactory(), dataSource)));
    }

    private static MyBatisRecorders springs(DataSource dataSource) {
        return MyBatisRecorders.over(
                factory(new SpringManagedTransactionFactory(), dataSource),
                new SpringTransactions(new DataSourceTransactionManager(dataSource), dataSource));
    }

    private static SqlSessionFactory factory(TransactionFactory transactions, DataSource dataSource) {
        return new SqlSessionFactoryBuilder()
                .build(new Configuration(new Environment("users", transactions, dataSource)));
    }

    private static List<Function<DataSource, MyBatisRecorders>> all() {
        return List.of(SharedConnectionTest::own, SharedConnectionTest::managed, SharedConnectionTest::springs);
    }

    private static List<Runnable> uses(MyBatisRecorders recorders) {
        ProcessRecorder recorder = recorders.processRecorder("Dogs");
        return List.of(
                () -> recorder.selectEvents(TransactionContract.DOG, VersionRange.all()),
                () -> recorder.insertEvents(TransactionContract.events(1, 1)),
                () -> recorders.sharedStore().heads(List.of("Dogs")),
                () -> recorders.transactions().required(() -> {}));
    }

    @Test
    void areRefusedAtFirstUse() {
        shared().forEach(sources -> all().forEach(over -> {
            for (int use = 0; use < 4; use++) {
                DataSource dataSource = sources.get();
                List<Runnable> uses = uses(over.apply(dataSource));
                // And at the next, which finds less.
                for (Runnable each : List.of(uses.get(use), uses.get(0))) {
                    assertThatExceptionOfType(ConfigurationException.class)
                            .isThrownBy(each::run)
                            .withMessageContaining("hands out one connection for all")
                            .withMessageContaining(dataSource.getClass().getName())
                            .withMessageContaining("as a pool does");
                }
            }
        }));
        assertThat(database.count("stored_events")).isZero();
    }

    @Test
    void whatGivesEachItsOwnIsTaken() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setMaximumPoolSize(1);
        try (HikariDataSource poolOfOne = new HikariDataSource(config)) {
            for (DataSource dataSource : List.of(
                    poolOfOne,
                    new PooledDataSource(driver(), database.url(), null, null),
                    new UnpooledDataSource(driver(), database.url(), null, null),
                    new LazyConnectionDataSourceProxy(database.dataSource()))) {
                all().stream()
                        .map(over -> over.apply(dataSource))
                        .forEach(recorders -> assertThatCode(() -> recorders
                                        .processRecorder("Dogs")
                                        .selectEvents(TransactionContract.DOG, VersionRange.all()))
                                .as(dataSource.getClass().getName())
                                .doesNotThrowAnyException());
            }
        }
    }
}
