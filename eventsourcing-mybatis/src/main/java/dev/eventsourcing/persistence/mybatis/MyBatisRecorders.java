package dev.eventsourcing.persistence.mybatis;

import com.zaxxer.hikari.HikariDataSource;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationName;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.RecorderProvider;
import dev.eventsourcing.persistence.Transactions;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.SqlSessionManager;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;

/**
 * Recorders on H2 or PostgreSQL, in the tables that {@link EventStoreSchema} makes. Which transaction their work belongs to
 * depends on how they are made:
 *
 * <ul>
 *   <li>{@link #over(DataSource, Class...)} and {@link #over(SqlSessionFactory)} open, commit and close transactions of their
 *       own, in which the user's mappers take part through {@link #mapper};
 *   <li>{@code over} a {@link SqlSessionManager} joins the session that is started on the thread, else starts one;
 *   <li>{@link #over(SqlSessionFactory, Transactions)} joins the transactions of a container, such as Spring;
 *   <li>{@link #within(SqlSession, Supplier)} runs work on a session that the caller has opened, whatever the recorders are
 *       over. Nothing of the caller's is then committed, rolled back, cleared or closed.
 * </ul>
 *
 * <p>Safe for use by several threads.
 */
public final class MyBatisRecorders implements RecorderFactory {
    private final Units units;
    private final DataSource dataSource;
    private final Tables tables;
    private final UnitsOn unitsOn;
    private final Runnable close;

    private MyBatisRecorders(UnitsOn unitsOn, DataSource dataSource, Tables tables, Runnable close) {
        this.unitsOn = unitsOn;
        this.units = unitsOn.tables(tables);
        this.dataSource = dataSource;
        this.tables = tables;
        this.close = close;
    }

    /**
     * Recorders with transactions of their own on a data source.
     *
     * @param mappers interfaces of the user's, for {@link #mapper}; their XML, if any, lies beside them; columns with
     *     underscores are mapped to camel case, and records by the names of their components
     */
    public static MyBatisRecorders over(DataSource dataSource, Class<?>... mappers) {
        return over(dataSource, () -> {}, mappers);
    }

    /**
     * Recorders with transactions of their own, opened through the user's factory, whose mappers are there for {@link
     * #mapper}. Over a {@link SqlSessionManager}, the session that is started on the thread is joined.
     *
     * @throws ConfigurationException if the factory has no data source, or leaves transactions to a container
     */
    public static MyBatisRecorders over(SqlSessionFactory factory) {
        Environment environment = environment(factory);
        if (!(environment.getTransactionFactory() instanceof JdbcTransactionFactory)) {
            throw new ConfigurationException("The SqlSessionFactory leaves transactions to a container ("
                    + environment.getTransactionFactory().getClass().getName()
                    + "). Tell how to take part in them: MyBatisRecorders.over(factory, transactions).");
        }
        if (factory instanceof SqlSessionManager manager) {
            return new MyBatisRecorders(
                    tables -> new ManagerUnits(manager, tables),
                    environment.getDataSource(),
                    Tables.OF_CONNECTION,
                    () -> {});
        }
        return new MyBatisRecorders(
                tables -> new OwnUnits(factory, tables), environment.getDataSource(), Tables.OF_CONNECTION, () -> {});
    }

    /**
     * Recorders that take part in the transactions of a container.
     *
     * @param factory the user's, with the container's transaction factory and data source
     * @param container how to join, start and watch a transaction of the container
     * @throws ConfigurationException if the factory has no data source
     */
    public static MyBatisRecorders over(SqlSessionFactory factory, Transactions container) {
        return new MyBatisRecorders(
                tables -> new ContainerUnits(factory, container, tables),
                environment(factory).getDataSource(),
                Tables.OF_CONNECTION,
                () -> {});
    }

    /**
     * Recorders by settings, with a connection pool that {@link #close} closes. System properties go before environment
     * variables:
     *
     * <table>
     * <caption>Settings</caption>
     * <tr><th>property</th><th>variable</th><th>meaning</th></tr>
     * <tr><td>eventsourcing.url</td><td>EVENTSOURCING_URL</td><td>JDBC URL; none: an H2 file under {@code target}, to try
     *     things out</td></tr>
     * <tr><td>eventsourcing.user</td><td>EVENTSOURCING_USER</td><td>user of the database</td></tr>
     * <tr><td>eventsourcing.password</td><td>EVENTSOURCING_PASSWORD</td><td>password; best as a variable</td></tr>
     * <tr><td>eventsourcing.schema</td><td>EVENTSOURCING_SCHEMA</td><td>schema of the tables; none: the connection's</td></tr>
     * <tr><td>eventsourcing.ordering</td><td>EVENTSOURCING_ORDERING</td><td>{@link OrderingStrategy}, as readers-barrier; none:
     *     as the schema has it recorded</td></tr>
     * </table>
     *
     * @param mappers as in {@link #over(DataSource, Class...)}
     * @throws ConfigurationException if a setting cannot be used
     */
    public static MyBatisRecorders fromSettings(Class<?>... mappers) {
        return open(Map.of(), mappers);
    }

    private static MyBatisRecorders open(Map<String, String> given, Class<?>... mappers) {
        ConnectionSettings settings = ConnectionSettings.of(given);
        Tables tables = settings.tables();
        HikariDataSource pool = settings.pool();
        return over(pool, pool::close, mappers).on(tables);
    }

    private static MyBatisRecorders over(DataSource dataSource, Runnable close, Class<?>... mappers) {
        Configuration configuration =
                new Configuration(new Environment("eventsourcing", new JdbcTransactionFactory(), dataSource));
        configuration.setMapUnderscoreToCamelCase(true);
        configuration.setArgNameBasedConstructorAutoMapping(true);
        for (Class<?> mapper : mappers) {
            configuration.addMapper(mapper);
        }
        SqlSessionFactory factory = new SqlSessionFactoryBuilder().build(configuration);
        return new MyBatisRecorders(tables -> new OwnUnits(factory, tables), dataSource, Tables.OF_CONNECTION, close);
    }

    private static Environment environment(SqlSessionFactory factory) {
        Environment environment = factory.getConfiguration().getEnvironment();
        if (environment == null) {
            throw new ConfigurationException(
                    "The SqlSessionFactory has no environment. Give it one with a data source and a transaction factory.");
        }
        return environment;
    }

    /**
     * The same recorders with their tables in a named schema, to which every statement then refers. The connection's own
     * search path is left alone. The name is taken as it is, letter case and all.
     *
     * @throws ConfigurationException if it is no name
     */
    public MyBatisRecorders inSchema(String name) {
        return on(tables.in(Schema.named(name)));
    }

    /**
     * The same recorders for a schema whose log is ordered with a strategy. Where it is recorded to be ordered with another one,
     * they refuse to read or append; {@link #schema} makes tables with this one. To be left out if any will do: recorders then
     * take the strategy from the schema.
     */
    public MyBatisRecorders ordering(OrderingStrategy strategy) {
        return on(tables.ordered(strategy));
    }

    /** The same recorders with another way to keep the order; for tests of what happens without one. */
    MyBatisRecorders ordering(EventOrder.Maker maker) {
        return on(tables.ordered(maker));
    }

    private MyBatisRecorders on(Tables other) {
        return new MyBatisRecorders(unitsOn, dataSource, other, close);
    }

    /**
     * Does work on a session that the caller has opened: what is recorded or read by this thread meanwhile, and the mappers of
     * {@link #mapper}, run on it. Whether it is committed, only the caller decides. As nothing tells when, followers are not
     * prompted.
     *
     * @return what the work returns
     * @throws ConfigurationException if the session commits by itself, or the thread is in a transaction already
     */
    public <T> T within(SqlSession session, Supplier<T> work) {
        return units.within(session, work);
    }

    /** The same for work that returns nothing. */
    public void within(SqlSession session, Runnable work) {
        units.<Object>within(session, () -> {
            work.run();
            return this;
        });
    }

    /**
     * A mapper of the user's that takes part in the transaction in hand: in a policy in that of the policy, in {@link
     * #within} in the caller's; else each call has a transaction of its own. May be kept, and used by several threads.
     *
     * @throws ConfigurationException if it is no mapper that these recorders were given
     */
    public <M> M mapper(Class<M> type) {
        if (!units.users().getConfiguration().hasMapper(type)) {
            throw new ConfigurationException("Mapper " + type.getName()
                    + " is not known. Name it where the recorders are made, or add it to the SqlSessionFactory.");
        }
        return TransactionalMapper.of(type, units);
    }

    /** What makes and upgrades the tables of these recorders. */
    public EventStoreSchema schema() {
        return EventStoreSchema.over(dataSource, tables);
    }

    @Override
    public AggregateRecorder snapshotRecorder(String applicationName) {
        return new SnapshotRecorder(units, ApplicationName.requireValid(applicationName));
    }

    @Override
    public ApplicationRecorder applicationRecorder(String applicationName) {
        return processRecorder(applicationName);
    }

    @Override
    public ProcessRecorder processRecorder(String applicationName) {
        return new EventRecorder(units, ApplicationName.requireValid(applicationName));
    }

    @Override
    public Transactions transactions() {
        return units;
    }

    @Override
    public Optional<Migrations> migrations() {
        return Optional.of(schema());
    }

    /** Closes the pool if these recorders made it, as {@link #fromSettings} does; nothing that they were given. */
    @Override
    public void close() {
        close.run();
    }

    /** Makes units for tables. */
    private interface UnitsOn {
        Units tables(Tables tables);
    }

    /** Opens recorders for programs that know no adapter. */
    public static final class Provider implements RecorderProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {}

        @Override
        public RecorderFactory open(Map<String, String> settings) {
            return MyBatisRecorders.open(settings);
        }
    }
}
