package dev.eventsourcing.persistence.mybatis;

import org.apache.ibatis.annotations.Options;
import org.apache.ibatis.annotations.Select;

/** Asks a server about the session that it is asked in. */
interface ServerMapper {
    @Select("SHOW lock_timeout")
    String lockTimeout();

    @Options(flushCache = Options.FlushCachePolicy.TRUE)
    @Select("SHOW idle_in_transaction_session_timeout")
    String idleInTransactionTimeout();

    @Select("SELECT pg_backend_pid()")
    int process();

    @Select("SELECT LOCK_TIMEOUT()")
    String lockTimeoutOfH2();
}
