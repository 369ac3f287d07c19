package dev.eventsourcing.testsupport;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;

/**
 * Counts the connections that a group of threads uses of a data source, those whose names begin alike: how many at once, and how
 * often one. Safe for use by several threads.
 */
public final class CountedConnections {
    private final Predicate<Thread> group;
    private int now;
    private int most;
    private long given;
    private long refused;

    /** Counts for the threads whose name begins so. */
    public CountedConnections(String namesBegin) {
        this.group = thread -> thread.getName().startsWith(namesBegin);
    }

    /** The same connections, counted. */
    public DataSource over(DataSource dataSource) {
        return new UnpooledDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                try {
                    return counted(dataSource.getConnection());
                } catch (SQLException e) {
                    refused();
                    throw e;
                }
            }
        };
    }

    private Connection counted(Connection connection) {
        if (!group.test(Thread.currentThread())) {
            return connection;
        }
        began();
        AtomicBoolean closed = new AtomicBoolean();
        return (Connection) Proxy.newProxyInstance(
                CountedConnections.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    // Before it is given back: from then on it may be another's.
                    if (method.getName().equals("close") && closed.compareAndSet(false, true)) {
                        ended();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private synchronized void began() {
        given++;
        now++;
        most = Math.max(most, now);
    }

    private synchronized void ended() {
        now--;
    }

    /** How many were open at once, at most. */
    public synchronized int most() {
        return most;
    }

    private synchronized void refused() {
        if (group.test(Thread.currentThread())) {
            refused++;
        }
    }

    /** How often one was not given. */
    public synchronized long notGiven() {
        return refused;
    }

    /** How often one was given. */
    public synchronized long given() {
        return given;
    }
}
