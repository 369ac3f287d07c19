package dev.eventsourcing.testsupport;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;

/**
 * Refuses a connection to a thread that has one already and has not given it back: where pools are small, such a thread can wait for
 * ever. Remembers where it was asked for. Safe for use by several threads.
 */
public final class OneConnectionPerThread extends UnpooledDataSource {
    private final DataSource dataSource;
    private final Map<Thread, Integer> held = new ConcurrentHashMap<>();
    private final List<SQLException> refused = new CopyOnWriteArrayList<>();

    public OneConnectionPerThread(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What it has refused since it was last asked. */
    public List<SQLException> refused() {
        List<SQLException> all = List.copyOf(refused);
        refused.clear();
        return all;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Thread holder = Thread.currentThread();
        if (held.containsKey(holder)) {
            SQLException second = new SQLException("Thread " + holder.getName() + " has a connection already");
            refused.add(second);
            throw second;
        }
        Connection connection = dataSource.getConnection();
        held.merge(holder, 1, Integer::sum);
        AtomicBoolean closed = new AtomicBoolean();
        return (Connection) Proxy.newProxyInstance(
                OneConnectionPerThread.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close") && closed.compareAndSet(false, true)) {
                        held.computeIfPresent(holder, (thread, number) -> number == 1 ? null : number - 1);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
