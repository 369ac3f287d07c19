package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.Backlog;
import dev.eventsourcing.persistence.FollowedLog;
import dev.eventsourcing.persistence.FollowerLease;
import dev.eventsourcing.persistence.LogMark;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.OpenAppend;
import dev.eventsourcing.persistence.ParkedEvent;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.StoredEvent;
import java.sql.Array;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.ibatis.type.JdbcType;
import org.apache.ibatis.type.TypeHandler;
import org.apache.ibatis.type.TypeHandlerRegistry;

/**
 * Reads a whole result at once. MyBatis takes a result type that has a type handler for a single column, and hands over the
 * result set when it stands at the first row; the handler goes on from there to the end. That saves the reflection of a mapped
 * result, and what MyBatis does for each row: in trials a quarter of the time of a row, most of it.
 */
final class RowHandler<T> implements TypeHandler<RowHandler.Rows<T>> {
    private final Row<T> reader;

    private RowHandler(Row<T> reader) {
        this.reader = reader;
    }

    static void registerIn(TypeHandlerRegistry registry) {
        register(registry, StoredEvent.class, row -> event(row, 1));
        register(registry, Notification.class, row -> new Notification(row.getLong(1), event(row, 2)));
        register(registry, LogPage.MarkedRow.class, RowHandler::marked);
        register(registry, Position.class, row -> new Position(row.getLong(1), row.getLong(2), marks(row, 3)));
        register(registry, LogHead.class, row -> new LogHead(row.getLong(1), row.getString(2)));
        register(registry, Look.class, RowHandler::look);
        register(registry, OpenAppend.class, RowHandler::openAppend);
        register(registry, NamedHead.class, row -> new NamedHead(row.getString(1), row.getLong(2)));
        register(registry, Backlog.class, RowHandler::backlog);
        register(registry, TopicCount.class, row -> new TopicCount(row.getString(1), row.getLong(2)));
        register(registry, FollowerLease.class, RowHandler::lease);
        register(
                registry,
                FollowedLog.class,
                row -> new FollowedLog(
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        Optional.ofNullable(row.getString(4)).map(SharedDatabase::topics)));
        register(registry, ParkedEvent.class, RowHandler::parkedEvent);
    }

    /** Under the type of a row, by which statements name it. */
    @SuppressWarnings({"rawtypes", "unchecked"})
    private static <T> void register(TypeHandlerRegistry registry, Class<T> type, Row<T> reader) {
        registry.register((Class) type, new RowHandler<>(reader));
    }

    private static StoredEvent event(ResultSet row, int column) throws SQLException {
        return new StoredEvent(
                row.getObject(column, UUID.class),
                row.getLong(column + 1),
                row.getString(column + 2),
                row.getBytes(column + 3));
    }

    private static LogPage.MarkedRow marked(ResultSet row) throws SQLException {
        Notification notification = new Notification(row.getLong(1), event(row, 2));
        LogMark mark =
                LogMark.of(notification, row.getObject(6, OffsetDateTime.class).toInstant());
        return new LogPage.MarkedRow(notification, row.getBoolean(7), mark);
    }

    /** None in a column that is null or empty. */
    private static List<LogMark> marks(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        return text == null || text.isEmpty()
                ? List.of()
                : Stream.of(text.split(" ")).map(LogMark::parse).toList();
    }

    private static Look look(ResultSet row) throws SQLException {
        Array holders = row.getArray(14);
        return new Look(
                row.getString(1),
                row.getString(2),
                row.getBoolean(3),
                row.getString(4),
                row.getString(5),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getString(8),
                row.getLong(9),
                row.getLong(10),
                row.getBoolean(11),
                row.getString(12),
                row.getString(13),
                holders == null ? Set.of() : new HashSet<>(Arrays.asList((String[]) holders.getArray())),
                row.getBoolean(15));
    }

    private static OpenAppend openAppend(ResultSet row) throws SQLException {
        int pid = row.getInt(1);
        OptionalInt process = row.wasNull() ? OptionalInt.empty() : OptionalInt.of(pid);
        double seconds = row.getDouble(2);
        Optional<Duration> age =
                row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(Math.round(seconds * 1_000)));
        return new OpenAppend(process, age, row.getString(3));
    }

    private static Backlog backlog(ResultSet row) throws SQLException {
        // An age that is null counts as 0.
        return new Backlog(row.getLong(1), seconds(Math.max(0, row.getDouble(2))));
    }

    private static FollowerLease lease(ResultSet row) throws SQLException {
        long millis = row.getLong(5);
        Optional<Duration> time = row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
        return new FollowerLease(
                row.getString(1),
                row.getString(2),
                seconds(row.getDouble(3)),
                row.getObject(4, OffsetDateTime.class).toInstant(),
                time);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1_000_000) * 1_000);
    }

    private static ParkedEvent parkedEvent(ResultSet row) throws SQLException {
        return new ParkedEvent(
                row.getString(1),
                row.getLong(2),
                row.getObject(3, UUID.class),
                row.getLong(4),
                row.getString(5),
                row.getString(6),
                row.getInt(7),
                row.getObject(8, OffsetDateTime.class).toInstant());
    }

    @Override
    public Rows<T> getResult(ResultSet row, String firstColumn) throws SQLException {
        Rows<T> rows = new Rows<>();
        do {
            rows.add(reader.read(row));
        } while (row.next());
        return rows;
    }

    @Override
    public Rows<T> getResult(ResultSet row, int firstColumn) throws SQLException {
        return getResult(row, "");
    }

    @Override
    public Rows<T> getResult(CallableStatement call, int column) {
        throw new AssertionError("Rows come from queries");
    }

    @Override
    public void setParameter(PreparedStatement statement, int index, Rows<T> rows, JdbcType jdbcType) {
        throw new AssertionError("Rows are not parameters");
    }

    /** All rows of a result. */
    static final class Rows<T> extends ArrayList<T> {
        private static final long serialVersionUID = 1L;
    }

    /** Makes an object of the row that a result set stands at. */
    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }
}
