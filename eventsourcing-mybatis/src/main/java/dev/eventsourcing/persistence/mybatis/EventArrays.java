package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.StoredEvent;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.ibatis.type.BaseTypeHandler;
import org.apache.ibatis.type.JdbcType;
import org.apache.ibatis.type.TypeHandler;
import org.apache.ibatis.type.TypeHandlerRegistry;

/** Lists as arrays, one for each column, so that a statement of one text inserts any number of rows. */
abstract class EventArrays<T> extends BaseTypeHandler<EventArrays.Rows<T>> {
    private final String elementType;
    private final Function<T, Object> element;
    private final IntFunction<Object[]> array;

    /** The array's Java type matters: PostgreSQL's driver takes bytes as {@code byte[][]}, and not as {@code Object[]}. */
    private EventArrays(String elementType, Function<T, Object> element, IntFunction<Object[]> array) {
        this.elementType = elementType;
        this.element = element;
        this.array = array;
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    static void registerIn(TypeHandlerRegistry registry) {
        for (EventArrays<?> handler : List.of(
                new OriginatorIds(),
                new OriginatorVersions(),
                new Topics(),
                new States(),
                new Texts(),
                new Numbers(),
                new Uuids())) {
            // Under its own class, as no parameter has that type: a handler is named where it is used.
            registry.register(handler.getClass(), (TypeHandler) handler);
        }
    }

    @Override
    public void setNonNullParameter(PreparedStatement statement, int index, Rows<T> rows, JdbcType jdbcType)
            throws SQLException {
        Object[] elements = array.apply(rows.elements.size());
        int i = 0;
        for (T row : rows.elements) {
            elements[i++] = element.apply(row);
        }
        statement.setArray(index, statement.getConnection().createArrayOf(elementType, elements));
    }

    @Override
    public Rows<T> getNullableResult(ResultSet row, String column) {
        return onlyParameters();
    }

    @Override
    public Rows<T> getNullableResult(ResultSet row, int column) {
        return onlyParameters();
    }

    @Override
    public Rows<T> getNullableResult(CallableStatement call, int column) {
        return onlyParameters();
    }

    private Rows<T> onlyParameters() {
        throw new AssertionError(getClass().getName() + " sets parameters and reads no columns");
    }

    /**
     * The elements of the arrays. Each is equal to itself alone: for a list MyBatis would hash all that is in it, states and all,
     * once for each column, to look for an answer in its cache.
     */
    static final class Rows<T> {
        private final Collection<T> elements;

        Rows(Collection<T> elements) {
            this.elements = elements;
        }
    }

    static final class OriginatorIds extends EventArrays<StoredEvent> {
        OriginatorIds() {
            super("uuid", StoredEvent::originatorId, UUID[]::new);
        }
    }

    static final class OriginatorVersions extends EventArrays<StoredEvent> {
        OriginatorVersions() {
            super("bigint", StoredEvent::originatorVersion, Long[]::new);
        }
    }

    static final class Topics extends EventArrays<StoredEvent> {
        Topics() {
            super("text", StoredEvent::topic, String[]::new);
        }
    }

    static final class States extends EventArrays<StoredEvent> {
        States() {
            super("bytea", StoredEvent::state, byte[][]::new);
        }
    }

    static final class Texts extends EventArrays<String> {
        Texts() {
            super("text", text -> text, String[]::new);
        }
    }

    static final class Numbers extends EventArrays<Long> {
        Numbers() {
            super("bigint", number -> number, Long[]::new);
        }
    }

    static final class Uuids extends EventArrays<UUID> {
        Uuids() {
            super("uuid", uuid -> uuid, UUID[]::new);
        }
    }
}
