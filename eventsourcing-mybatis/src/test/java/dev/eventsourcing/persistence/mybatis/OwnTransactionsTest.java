package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.managed.ManagedTransactionFactory;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;

/** Transactions that the recorders open, commit and close. */
class OwnTransactionsTest extends OpenedTransactionContract {
    @Override
    MyBatisRecorders newRecorders() {
        return MyBatisRecorders.over(database.dataSource(), DiplomaMapper.class);
    }

    @Test
    void areRefusedWhereAContainerHasTheTransactions() {
        Environment managed = new Environment("container", new ManagedTransactionFactory(), database.dataSource());
        SqlSessionFactory factory = new SqlSessionFactoryBuilder().build(new Configuration(managed));

        assertThatThrownBy(() -> MyBatisRecorders.over(factory))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("over(factory, transactions)");
    }

    @Test
    void refuseMappersThatTheyWereNotGiven() {
        assertThatThrownBy(() -> recorders.mapper(Runnable.class))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Runnable");
    }

    @Test
    void openNoConnectionWhenRecordersAreMade() {
        MyBatisRecorders nowhere = MyBatisRecorders.over(
                JdbcConnectionPool.create("jdbc:h2:tcp://localhost:1/nowhere", "", ""), DiplomaMapper.class);

        assertThat(nowhere.processRecorder("Diplomas")).isNotNull();
        assertThat(nowhere.snapshotRecorder("Diplomas")).isNotNull();
        assertThat(nowhere.mapper(DiplomaMapper.class)).isNotNull();
    }
}
