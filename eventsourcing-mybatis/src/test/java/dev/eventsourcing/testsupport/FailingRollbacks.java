package dev.eventsourcing.testsupport;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;

/** Connections whose rollback of a whole transaction throws, once it is switched on. Safe for use by several threads. */
public final class FailingRollbacks extends UnpooledDataSource {
    private final DataSource dataSource;
    private final AtomicReference<Supplier<Throwable>> thrown = new AtomicReference<>();

    public FailingRollbacks(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** From now on rollbacks throw this, and roll back nothing. */
    public void begin(Supplier<Throwable> failure) {
        thrown.set(failure);
    }

    /** From now on rollbacks work. */
    public void end() {
        thrown.set(null);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = dataSource.getConnection();
        return (Connection) Proxy.newProxyInstance(
                FailingRollbacks.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    Supplier<Throwable> failure = thrown.get();
                    if (failure != null && method.getName().equals("rollback") && arguments == null) {
                        throw failure.get();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
