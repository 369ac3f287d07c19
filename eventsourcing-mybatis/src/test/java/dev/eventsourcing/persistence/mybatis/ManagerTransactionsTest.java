package dev.eventsourcing.persistence.mybatis;

import org.apache.ibatis.session.SqlSessionManager;

/** Transactions that the recorders open on a session manager, because the user has started none. */
class ManagerTransactionsTest extends OpenedTransactionContract {
    @Override
    MyBatisRecorders newRecorders() {
        return MyBatisRecorders.over(SqlSessionManager.newInstance(factory()));
    }
}
