package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.persistence.PersistenceException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.apache.ibatis.builder.xml.XMLMapperBuilder;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.mapping.MappedStatement;
import org.apache.ibatis.mapping.SqlCommandType;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.ResultContext;
import org.apache.ibatis.session.ResultHandler;
import org.apache.ibatis.session.SqlSession;

/**
 * The statements of {@code statements.xml} for one database and one schema, in a MyBatis configuration of our own: a user's
 * settings, type handlers and interceptors on statements do not reach them, nor ours the user's.
 */
final class Statements {
    private static final String RESOURCE = "statements.xml";
    private static final String LAST = "proveAlive";

    private final Database database;
    private final Schema schema;
    private final String namespace;
    private final Configuration configuration;

    Statements(Database database, Schema schema) {
        this.database = database;
        this.schema = schema;
        // A user's configuration may know several: data sources may lead to tenants of different kinds.
        this.namespace = "dev.eventsourcing." + database.id() + (schema.isNamed() ? "." + schema.name() : "");
        this.configuration = configuration(database, schema, namespace);
    }

    Database database() {
        return database;
    }

    /** Whether an error tells that another writer was faster: by the constraint and the table, not by what a message holds. */
    boolean violates(Throwable error, Key key) {
        SQLException sql = DatabaseErrors.sqlException(error);
        return sql != null && Violation.of(sql, database).isOf(key, schema);
    }

    /** The same configuration in an environment, for sessions of our own. */
    Configuration in(Environment environment) {
        Configuration own = new Configuration(environment);
        own.setCacheEnabled(false);
        copyTo(own);
        return own;
    }

    /**
     * Makes these statements known to a user's configuration, so that the user's own sessions can run them. They go on
     * belonging to ours, which is what prepares them and reads their rows; interceptors on executors alone see them.
     */
    void copyTo(Configuration users) {
        if (!users.hasStatement(id(LAST), false)) {
            synchronized (users) {
                if (!users.hasStatement(id(LAST), false)) {
                    // The one that is asked for above goes last: who sees it, sees all.
                    Set<MappedStatement> all = new HashSet<>(configuration.getMappedStatements());
                    MappedStatement last = configuration.getMappedStatement(id(LAST));
                    all.remove(last);
                    all.forEach(statement -> users.addMappedStatement(ofNoKind(statement)));
                    users.addMappedStatement(ofNoKind(last));
                }
            }
        }
    }

    /**
     * The same statement, without the word that it is a query: interceptors on executors put tenants and pages into queries, and
     * send them to a copy of the database that cannot be written. Ours are to be left alone, and many of them write.
     */
    private static MappedStatement ofNoKind(MappedStatement statement) {
        return new MappedStatement.Builder(
                        statement.getConfiguration(),
                        statement.getId(),
                        statement.getSqlSource(),
                        SqlCommandType.UNKNOWN)
                .resource(statement.getResource())
                .statementType(statement.getStatementType())
                .resultMaps(statement.getResultMaps())
                .flushCacheRequired(statement.isFlushCacheRequired())
                .dirtySelect(statement.isDirtySelect())
                .useCache(false)
                .build();
    }

    <T> List<T> list(SqlSession session, String statement, Map<String, ?> parameters) {
        Result<T> result = new Result<>();
        // With a handler, MyBatis neither answers from the session's cache nor puts anything into it that is worth
        // keeping.
        session.select(id(statement), parameters, result);
        return result.rows;
    }

    private String id(String statement) {
        return namespace + ".eventsourcing_" + statement;
    }

    /** Takes rows one by one, or all at once from a {@link RowHandler}. */
    private static final class Result<T> implements ResultHandler<Object> {
        private List<T> rows = new ArrayList<>();

        @Override
        @SuppressWarnings("unchecked")
        public void handleResult(ResultContext<?> context) {
            Object object = context.getResultObject();
            if (object instanceof RowHandler.Rows<?> all) {
                rows = (List<T>) all;
            } else {
                rows.add((T) object);
            }
        }
    }

    private static Configuration configuration(Database database, Schema schema, String namespace) {
        Configuration configuration = new Configuration();
        configuration.setDatabaseId(database.id());
        configuration.setCacheEnabled(false);
        Properties variables = new Properties();
        variables.setProperty("namespace", namespace);
        variables.setProperty("schema", schema.prefix());
        configuration.setVariables(variables);
        RowHandler.registerIn(configuration.getTypeHandlerRegistry());
        EventArrays.registerIn(configuration.getTypeHandlerRegistry());
        configuration.getTypeHandlerRegistry().register(UUID.class, new UuidTypeHandler());
        try (InputStream xml = Statements.class.getResourceAsStream(RESOURCE)) {
            new XMLMapperBuilder(xml, configuration, namespace + "/" + RESOURCE, configuration.getSqlFragments())
                    .parse();
        } catch (IOException e) {
            throw new PersistenceException("The library's own " + RESOURCE + " cannot be read. Is its jar whole?", e);
        }
        return configuration;
    }
}
