package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.persistence.TransactionLostException;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.spring.SpringTransactions;
import dev.eventsourcing.testsupport.PostgresDatabase;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.exceptions.PersistenceException;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.session.SqlSessionManager;
import org.apache.ibatis.transaction.TransactionFactory;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mybatis.spring.transaction.SpringManagedTransactionFactory;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** Policies that swallow an error of PostgreSQL, after which the transaction is lost: what is said then names that error. */
class SwallowedErrorsTest {
    private final PostgresDatabase database = PostgresDatabase.migrated();
    private MyBatisRecorders recorders;
    private SeenMapper seen;

    /** A user's mapper. */
    public interface SeenMapper {
        @Insert("INSERT INTO seen VALUES (#{word})")
        void add(String word);
    }

    /** Where the transactions are from. */
    enum Kind {
        OWN,
        MANAGER,
        SPRING
    }

    private Echo open(Kind kind) {
        database.execute("CREATE TABLE seen (word VARCHAR(40) PRIMARY KEY)");
        database.execute("INSERT INTO seen VALUES ('there already')");
        SqlSessionFactory factory =
                factory(kind == Kind.SPRING ? new SpringManagedTransactionFactory() : new JdbcTransactionFactory());
        recorders = switch (kind) {
            case OWN -> MyBatisRecorders.over(factory);
            case MANAGER -> MyBatisRecorders.over(SqlSessionManager.newInstance(factory));
            case SPRING ->
                MyBatisRecorders.over(
                        factory,
                        new SpringTransactions(
                                new DataSourceTransactionManager(database.dataSource()), database.dataSource()));
        };
        seen = recorders.mapper(SeenMapper.class);
        Words words = new Words(recorders);
        Echo echo = new Echo(recorders);
        echo.follow(words);
        words.say("a");
        return echo;
    }

    private SqlSessionFactory factory(TransactionFactory transactions) {
        Configuration configuration = new Configuration(new Environment("users", transactions, database.dataSource()));
        configuration.addMapper(SeenMapper.class);
        return new SqlSessionFactoryBuilder().build(configuration);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void swallow() {
        try {
            seen.add("there already");
        } catch (PersistenceException swallowed) {
            // As code does that inserts what may be there already.
        }
    }

    private void assertNamesTheFirst(EventProcessingException failed) {
        assertThat(failed)
                .hasMessageContainingAll(
                        "current transaction is aborted",
                        "The first error in the transaction was: ERROR: duplicate key value violates unique constraint",
                        "SQLSTATE 23505");
        assertThat(failed.notificationId()).isEqualTo(1);
        assertThat(database.column("SELECT word FROM seen")).containsExactly("there already");
    }

    @ParameterizedTest
    @EnumSource
    void aPolicyThatGoesOnIsTold(Kind kind) {
        Echo echo = open(kind);
        echo.before = (word, processing) -> {
            swallow();
            seen.add("next");
        };

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .satisfies(this::assertNamesTheFirst);
    }

    @ParameterizedTest
    @EnumSource
    void soIsOneThatDoesNothingMore(Kind kind) {
        Echo echo = open(kind);
        echo.before = (word, processing) -> swallow();

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> echo.pullAndProcess("Words"))
                .satisfies(this::assertNamesTheFirst);
    }

    @ParameterizedTest
    @EnumSource
    void andATransactionThatIsNoBatch(Kind kind) {
        Echo echo = open(kind);

        assertThatExceptionOfType(TransactionLostException.class)
                .isThrownBy(() -> recorders.transactions().required(() -> {
                    swallow();
                    Words.Text text = new Words.Text(Echo.TEXT);
                    text.add("b");
                    echo.save(text);
                }))
                .withMessageContaining("duplicate key value");
        assertThatExceptionOfType(TransactionLostException.class)
                .isThrownBy(() -> recorders.transactions().required(this::swallow))
                .withMessageContaining("duplicate key value");
    }
}
