package dev.eventsourcing.persistence.mybatis;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.AggregateRecorder;
import dev.eventsourcing.persistence.ApplicationName;
import dev.eventsourcing.persistence.ApplicationRecorder;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.ParkedEvents;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.RecorderProvider;
import dev.eventsourcing.persistence.Setting;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.SharedStore;
import dev.eventsourcing.persistence.Transactions;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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
    private static final String NAME = "mybatis";

    private final TableAccess access;

    private MyBatisRecorders(TableAccess access) {
        this.access = access;
    }

    private static MyBatisRecorders given(Function<Tables, Units> unitsOn, DataSource dataSource) {
        return given((tables, background) -> unitsOn.apply(tables), dataSource);
    }

    private static MyBatisRecorders given(BiFunction<Tables, BackgroundWork, Units> unitsOn, DataSource dataSource) {
        return new MyBatisRecorders(new GivenAccess(unitsOn, dataSource, Tables.OF_CONNECTION, new BackgroundWork()));
    }

    /**
     * Recorders with transactions of their own on a data source.
     *
     * @param mappers interfaces of the user's, for {@link #mapper}; their XML, if any, lies beside them; columns with
     *     underscores are mapped to camel case, and records by the names of their components
     * @throws ConfigurationException if MyBatis does not take one of the mappers
     */
    public static MyBatisRecorders over(DataSource dataSource, Class<?>... mappers) {
        SqlSessionFactory factory = factoryOver(dataSource, List.of(mappers));
        return given(tables -> new OwnUnits(factory, tables), dataSource);
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
            return given(tables -> new ManagerUnits(manager, tables), environment.getDataSource());
        }
        return given(tables -> new OwnUnits(factory, tables), environment.getDataSource());
    }

    /**
     * Recorders that take part in the transactions of a container. Snapshots that are due in them are taken by a background
     * thread of the recorders, as the thread that commits still holds its connection then; see {@link #droppedSnapshots},
     * {@link #withTaskDecorator} and {@link #close}.
     *
     * @param factory the user's, with the container's transaction factory and data source
     * @param container how to join, start and watch a transaction of the container
     * @throws ConfigurationException if the factory has no data source
     */
    public static MyBatisRecorders over(SqlSessionFactory factory, Transactions container) {
        return given(
                (tables, background) -> new ContainerUnits(factory, container, tables, background),
                environment(factory).getDataSource());
    }

    /**
     * Recorders by the settings of this process, as {@link #fromSettings(Settings, Class...)}.
     *
     * @throws ConfigurationException if a setting cannot be used
     */
    public static MyBatisRecorders fromSettings(Class<?>... mappers) {
        return fromSettings(Settings.ofProcess(), mappers);
    }

    /**
     * Recorders by settings, with connection pools that {@link #close} closes. Each application gets those of its own settings;
     * where the settings of a pool are equal, it is shared. Nothing is connected to yet.
     *
     * <table>
     * <caption>Settings</caption>
     * <tr><th>key</th><th>meaning</th><th>default</th></tr>
     * <tr><td>{@code url}</td><td>JDBC URL, without a password</td><td>an H2 file under {@code target}, to try things
     *     out</td></tr>
     * <tr><td>{@code user}</td><td>user of the database</td><td>none</td></tr>
     * <tr><td>{@code password}</td><td>password; best as a variable</td><td>none</td></tr>
     * <tr><td>{@code pool-size}</td><td>most connections</td><td>10</td></tr>
     * <tr><td>{@code pool-timeout-ms}</td><td>longest wait for a connection of the pool</td><td>5000</td></tr>
     * <tr><td>{@code lock-timeout-ms}</td><td>longest wait of a statement for a lock</td><td>as the URL or the database has
     *     it</td></tr>
     * <tr><td>{@code schema}</td><td>schema of the tables</td><td>the connection's</td></tr>
     * <tr><td>{@code ordering}</td><td>{@link OrderingStrategy}, as readers-barrier</td><td>as the schema has it recorded</td></tr>
     * <tr><td>{@code pool-min-idle}</td><td>connections that are kept though nobody uses them</td><td>0</td></tr>
     * <tr><td>{@code connection-max-age-ms}</td><td>age at which a connection is replaced</td><td>1800000</td></tr>
     * <tr><td>{@code connect-timeout-s}</td><td>longest wait for the server; PostgreSQL only</td><td>3</td></tr>
     * <tr><td>{@code idle-in-transaction-timeout-ms}</td><td>after which the server ends a session that does nothing in a
     *     transaction; PostgreSQL only</td><td>as the URL or the database has it</td></tr>
     * </table>
     *
     * @param mappers as in {@link #over(DataSource, Class...)}
     * @throws ConfigurationException if a setting cannot be used
     */
    public static MyBatisRecorders fromSettings(Settings settings, Class<?>... mappers) {
        settings.warnOfUnknown();
        Pools pools = new Pools(List.of(mappers));
        return new MyBatisRecorders(new ConfiguredAccess(pools, settings.fixed(Settings.PERSISTENCE, NAME)));
    }

    static SqlSessionFactory factoryOver(DataSource dataSource, List<Class<?>> mappers) {
        Configuration configuration =
                new Configuration(new Environment("eventsourcing", new JdbcTransactionFactory(), dataSource));
        configuration.setMapUnderscoreToCamelCase(true);
        configuration.setArgNameBasedConstructorAutoMapping(true);
        mappers.forEach(mapper -> add(mapper, configuration));
        return new SqlSessionFactoryBuilder().build(configuration);
    }

    private static void add(Class<?> mapper, Configuration configuration) {
        try {
            configuration.addMapper(mapper);
        } catch (Exception e) {
            throw new ConfigurationException(
                    "MyBatis does not take " + mapper.getName() + " as a mapper: " + DatabaseErrors.firstLine(e)
                            + ". Correct its statements.",
                    e);
        }
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
        Schema schema = Schema.named(name);
        return new MyBatisRecorders(access.on(ConnectionSettings.SCHEMA, name, tables -> tables.in(schema)));
    }

    /**
     * The same recorders for a schema whose log is ordered with a strategy. Where it is recorded to be ordered with another one,
     * they refuse to read or append; {@link #schema} makes tables with this one. To be left out if any will do: recorders then
     * take the strategy from the schema.
     */
    public MyBatisRecorders ordering(OrderingStrategy strategy) {
        return new MyBatisRecorders(
                access.on(ConnectionSettings.ORDERING, strategy.settingName(), tables -> tables.ordered(strategy)));
    }

    /** The same recorders with another way to keep the order; for tests of what happens without one. */
    MyBatisRecorders ordering(EventOrder.Maker maker) {
        return new MyBatisRecorders(access.on(tables -> tables.ordered(maker)));
    }

    /**
     * The same recorders, whose background thread takes each snapshot in a context that is taken over from the thread that has
     * committed. To be called for a data source that asks the thread where to connect to, as one that routes by tenant. Without
     * a decorator the background thread asks such a data source on behalf of nobody; where its connection then does not show the
     * event that the snapshot is due for, the snapshot is dropped and nothing is written.
     *
     * <p>With a decorator each snapshot has a transaction of its own, and waits for a connection alone. Of no effect for recorders
     * that are not over a container's transactions: they take snapshots on the thread that has committed.
     *
     * @param decorator called by the thread that has committed with the work to do; returns what the background thread is to run,
     *     which sets the context, runs the work and removes the context. Spring's {@code TaskDecorator::decorate} is one.
     */
    public MyBatisRecorders withTaskDecorator(UnaryOperator<Runnable> decorator) {
        return new MyBatisRecorders(access.withTaskDecorator(decorator));
    }

    /**
     * How many snapshots were due in a container's transactions and were not taken since these recorders were made: more than 1,000
     * were waiting for the background thread, it got no connection, its connection led elsewhere, the recorders were closed, or
     * taking the snapshot failed. Snapshots only save time, and the next one that is due makes up for those that are missing. 0
     * for other recorders. May be called at any time, by any thread.
     */
    public long droppedSnapshots() {
        return access.droppedSnapshots();
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
        return access.units().within(session, work);
    }

    /** The same for work that returns nothing. */
    public void within(SqlSession session, Runnable work) {
        access.units().<Object>within(session, () -> {
            work.run();
            return this;
        });
    }

    /**
     * A mapper of the user's that takes part in the transaction in hand: in a policy in that of the policy, in {@link
     * #within} in the caller's; else each call has a transaction of its own. May be kept, and used by several threads.
     *
     * <p>In a policy of a follower of other recorders a call is refused, as it would be no part of the policy's transaction. On another
     * thread than the policy's nothing can tell that it belongs there: it is a transaction of its own, which stays whatever becomes
     * of the batch, and is repeated with it. {@code PolicyEffects} of the testing kit finds that.
     *
     * <p>Where settings may give the application a database of its own, the mapper is to be taken from {@link
     * #forApplication}.
     *
     * @throws ConfigurationException if it is no mapper that these recorders were given
     */
    public <M> M mapper(Class<M> type) {
        requireKnown(type);
        return TransactionalMapper.of(type, access::unitsForMappers);
    }

    /**
     * A mapper of the user's that takes part in no transaction: each statement is committed by itself, on a connection of its own. For
     * what a policy has to read from, or write to, another database, or has to keep whatever becomes of its batch: when the batch is
     * processed again, such writes are repeated. In a dry run each call is refused. May be kept, and used by several threads.
     *
     * <p>A call in a transaction takes a second connection of the data source, if it is the same, so its pool must have one to spare.
     *
     * @throws ConfigurationException if it is no mapper that these recorders were given
     */
    public <M> M mapperOutside(Class<M> type) {
        requireKnown(type);
        return TransactionalMapper.outside(type, access::units);
    }

    private void requireKnown(Class<?> type) {
        if (!access.hasMapper(type)) {
            throw new ConfigurationException("Mapper " + type.getName()
                    + " is not known. Name it where the recorders are made, or add it to the SqlSessionFactory.");
        }
    }

    /** What makes and upgrades the tables of these recorders. */
    public EventStoreSchema schema() {
        return EventStoreSchema.over(
                access.dataSource(),
                access.tables(),
                access.settings().map(ConnectionSettings::credentials).orElse(""));
    }

    @Override
    public AggregateRecorder snapshotRecorder(String applicationName) {
        return new SnapshotRecorder(unitsOf(applicationName), ApplicationName.requireValid(applicationName));
    }

    @Override
    public ApplicationRecorder applicationRecorder(String applicationName) {
        return processRecorder(applicationName);
    }

    @Override
    public ProcessRecorder processRecorder(String applicationName) {
        return new EventRecorder(unitsOf(applicationName), ApplicationName.requireValid(applicationName));
    }

    @Override
    public SharedStore sharedStore() {
        return new SharedDatabase(access.units());
    }

    @Override
    public ParkedEvents parkedEvents(String applicationName) {
        return new ParkedEventRecorder(unitsOf(applicationName), ApplicationName.requireValid(applicationName));
    }

    /** The transactions of an application, unless these recorders are an application's already. */
    private Units unitsOf(String applicationName) {
        boolean ofAll = settings().application().isEmpty();
        return (ofAll ? access.forApplication(applicationName) : access).units();
    }

    @Override
    public Transactions transactions() {
        return access.units();
    }

    /**
     * The recorders as the settings of an application have them, where these recorders were made from settings; else these. A mapper
     * of the application's is to be taken from them, and its transactions. Need not be closed.
     *
     * @throws ConfigurationException if the name or a setting of the application cannot be used
     */
    @Override
    public MyBatisRecorders forApplication(String applicationName) {
        return new MyBatisRecorders(access.forApplication(applicationName));
    }

    @Override
    public Settings settings() {
        return access.settings().orElseGet(RecorderFactory.super::settings);
    }

    @Override
    public Optional<Migrations> migrations() {
        return Optional.of(schema());
    }

    /**
     * Closes the pools if these recorders made them, as {@link #fromSettings} does; nothing that they were given. Recorders over a
     * container's transactions wait up to 10 s for the background thread to take the snapshots that are due, and drop those that
     * are left: close them before the data source.
     */
    @Override
    public void close() {
        access.close();
    }

    /** Opens recorders for programs that know no adapter, as {@code mybatis}. */
    public static final class Provider implements RecorderProvider {
        /** For {@link java.util.ServiceLoader}. */
        public Provider() {}

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public List<Setting> settings() {
            return ConnectionSettings.ALL;
        }

        @Override
        public RecorderFactory open(Settings settings) {
            return MyBatisRecorders.fromSettings(settings);
        }

        @Override
        public String script(String database, int above, Settings settings) {
            return EventStoreSchema.script(Database.named(database), above, ConnectionSettings.tables(settings));
        }
    }
}
