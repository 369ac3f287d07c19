package dev.eventsourcing.persistence.mybatis;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.testsupport.TestDatabase;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;

/**
 * What one process of the hostile test has of the database.
 *
 * @param pool its connections
 * @param factory sessions that callers open
 * @param recorders over the factory
 */
record HostileStore(HikariDataSource pool, SqlSessionFactory factory, MyBatisRecorders recorders)
        implements AutoCloseable {
    /** Where what mappers write is sent at once. */
    static HostileStore open(String url) {
        return open(url, ExecutorType.SIMPLE);
    }

    /** Where what mappers write is collected, and sent together: for those who write much. */
    static HostileStore batching(String url) {
        return open(url, ExecutorType.BATCH);
    }

    private static HostileStore open(String url, ExecutorType executor) {
        HikariDataSource pool = TestDatabase.pool(url);
        Configuration configuration = new Configuration(new Environment("hostile", new JdbcTransactionFactory(), pool));
        configuration.setDefaultExecutorType(executor);
        configuration.addMapper(HostileMapper.class);
        SqlSessionFactory factory = new SqlSessionFactoryBuilder().build(configuration);
        return new HostileStore(pool, factory, MyBatisRecorders.over(factory));
    }

    @Override
    public void close() {
        pool.close();
    }
}
