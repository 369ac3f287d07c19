package dev.eventsourcing.persistence.mybatis;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.testsupport.TestDatabase;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
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
    static HostileStore open(String url) {
        HikariDataSource pool = TestDatabase.pool(url);
        Configuration configuration = new Configuration(new Environment("hostile", new JdbcTransactionFactory(), pool));
        configuration.addMapper(HostileMapper.class);
        SqlSessionFactory factory = new SqlSessionFactoryBuilder().build(configuration);
        return new HostileStore(pool, factory, MyBatisRecorders.over(factory));
    }

    @Override
    public void close() {
        pool.close();
    }
}
