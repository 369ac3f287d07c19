package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.RowChanges;
import dev.eventsourcing.persistence.RowChanges.Counted;
import dev.eventsourcing.persistence.RowChanges.Rows;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.ibatis.executor.BatchResult;
import org.apache.ibatis.executor.Executor;
import org.apache.ibatis.mapping.MappedStatement;
import org.apache.ibatis.plugin.Interceptor;
import org.apache.ibatis.plugin.Intercepts;
import org.apache.ibatis.plugin.Invocation;
import org.apache.ibatis.plugin.Signature;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.ResultHandler;
import org.apache.ibatis.session.RowBounds;
import org.jspecify.annotations.Nullable;

/** Counts, by mapped statement, the rows that a session's statements change; for databases that do not count them by table. */
@Intercepts({
    @Signature(
            type = Executor.class,
            method = "update",
            args = {MappedStatement.class, Object.class}),
    @Signature(
            type = Executor.class,
            method = "flushStatements",
            args = {}),
    @Signature(
            type = Executor.class,
            method = "query",
            args = {MappedStatement.class, Object.class, RowBounds.class, ResultHandler.class}),
    @Signature(
            type = Executor.class,
            method = "queryCursor",
            args = {MappedStatement.class, Object.class, RowBounds.class})
})
final class StatementCounter implements Interceptor {
    private Map<String, Rows> rows = new TreeMap<>();
    private boolean counts;
    private boolean batches;

    /** What executes statements, counted. */
    Executor around(Executor executor, ExecutorType type) {
        counts = true;
        batches = type == ExecutorType.BATCH;
        return (Executor) plugin(executor);
    }

    @Override
    public @Nullable Object intercept(Invocation invocation) throws Throwable {
        String method = invocation.getMethod().getName();
        if (batches && method.startsWith("query")) {
            // It would send them itself, and keep to itself what came of them.
            add(((Executor) invocation.getTarget()).flushStatements());
        }
        Object result = invocation.proceed();
        if (method.equals("update")) {
            add((MappedStatement) invocation.getArgs()[0], (Integer) result);
        } else if (method.equals("flushStatements")) {
            add((List<?>) result);
        }
        return result;
    }

    private void add(List<?> sent) {
        for (Object each : sent) {
            BatchResult batch = (BatchResult) each;
            for (int changed : batch.getUpdateCounts()) {
                add(batch.getMappedStatement(), changed);
            }
        }
    }

    /** Below zero are the signs of a batch: not sent yet, or sent and not counted. */
    private void add(MappedStatement statement, int changed) {
        if (changed > 0) {
            Rows more = switch (statement.getSqlCommandType()) {
                case INSERT -> new Rows(changed, 0, 0);
                case UPDATE -> new Rows(0, changed, 0);
                case DELETE -> new Rows(0, 0, changed);
                default -> Rows.NONE;
            };
            rows.merge(statement.getId(), more, Rows::plus);
        }
    }

    /** What was counted; nothing is known if this is in no session. */
    RowChanges changes() {
        return !counts ? RowChanges.UNKNOWN : new RowChanges(Counted.STATEMENT, rows);
    }

    /** Forgets what was counted since an earlier look. */
    void backTo(RowChanges before) {
        rows = new TreeMap<>(before.rows());
    }
}
