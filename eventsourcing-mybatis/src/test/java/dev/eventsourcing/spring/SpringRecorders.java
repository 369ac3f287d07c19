package dev.eventsourcing.spring;

import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import javax.sql.DataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.TransactionFactory;
import org.apache.ibatis.transaction.managed.ManagedTransactionFactory;
import org.mybatis.spring.transaction.SpringManagedTransactionFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/** Recorders over Spring's transactions, without a context. */
public final class SpringRecorders {
    private SpringRecorders() {}

    /** As mybatis-spring makes sessions. */
    public static MyBatisRecorders over(DataSource dataSource) {
        return over(dataSource, new SpringManagedTransactionFactory(), dataSource);
    }

    /**
     * As under JTA: sessions ask the data source for a connection each, and the data source gives them the one of the transaction.
     */
    public static MyBatisRecorders asUnderJta(DataSource dataSource) {
        return over(new TransactionAwareDataSourceProxy(dataSource), new ManagedTransactionFactory(), dataSource);
    }

    private static MyBatisRecorders over(DataSource sessions, TransactionFactory transactions, DataSource dataSource) {
        return MyBatisRecorders.over(
                new SqlSessionFactoryBuilder()
                        .build(new Configuration(new Environment("users", transactions, sessions))),
                new SpringTransactions(new DataSourceTransactionManager(dataSource), dataSource));
    }
}
