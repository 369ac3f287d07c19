package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.errors.Thrown;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A mapper of the user's, whose calls go to the session that is right for each. */
final class TransactionalMapper<M> implements InvocationHandler {
    private final Class<M> type;
    private final Calling<M> calling;

    private TransactionalMapper(Class<M> type, Calling<M> calling) {
        this.type = type;
        this.calling = calling;
    }

    /** One whose calls go to the session of the transaction in hand, or have one of their own. */
    static <M> M of(Class<M> type, Supplier<Units> units) {
        return of(type, call -> units.get().withMapper(type, call));
    }

    /** One whose calls are transactions of their own, whatever the one in hand is. */
    static <M> M outside(Class<M> type, Supplier<Units> units) {
        return of(type, call -> units.get().withMapperOutside(type, call));
    }

    private static <M> M of(Class<M> type, Calling<M> calling) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new TransactionalMapper<>(type, calling)));
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
        return calling.call(mapper -> call(method, mapper, arguments));
    }

    private static @Nullable Object call(Method method, Object mapper, Object @Nullable [] arguments) {
        try {
            // A mapper need not be public.
            method.setAccessible(true);
            return method.invoke(mapper, arguments);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        } catch (InvocationTargetException e) {
            throw Thrown.unchanged(e.getTargetException());
        }
    }

    /** Calls MyBatis's mapper. */
    private interface Calling<M> {
        @Nullable Object call(Function<M, @Nullable Object> call);
    }
}
