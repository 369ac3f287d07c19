package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.PersistenceException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A mapper of the user's, each call of which goes to the session of the transaction in hand, or has one of its own. */
final class TransactionalMapper<M> implements InvocationHandler {
    private final Class<M> type;
    private final Supplier<Units> units;

    private TransactionalMapper(Class<M> type, Supplier<Units> units) {
        this.type = type;
        this.units = units;
    }

    static <M> M of(Class<M> type, Supplier<Units> units) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new TransactionalMapper<>(type, units)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> type.getName();
            };
        }
        return units.get().withMapper(type, mapper -> call(method, mapper, arguments));
    }

    private static Object call(Method method, Object mapper, Object @Nullable [] arguments) {
        try {
            // A mapper need not be public.
            method.setAccessible(true);
            return method.invoke(mapper, arguments);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException unchecked
                    ? unchecked
                    : new PersistenceException("A mapper failed: " + Thrown.text(e.getCause()), e.getCause());
        }
    }
}
