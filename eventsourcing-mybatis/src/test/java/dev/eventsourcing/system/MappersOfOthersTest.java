package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.testing.PolicyEffects;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.Store;
import dev.eventsourcing.testsupport.TestDatabase;
import java.util.List;
import java.util.function.Consumer;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Select;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Policies that call mappers which are no part of their transactions. */
class MappersOfOthersTest {
    private final H2Database elsewhere = H2Database.migrated();
    private @Nullable TestDatabase database;
    private RecorderFactory recorders;
    private MyBatisRecorders others;

    /** A user's mapper. */
    public interface SeenMapper {
        @Insert("INSERT INTO seen VALUES (#{word})")
        void add(String word);

        @Select("SELECT word FROM seen ORDER BY word")
        List<String> all();
    }

    private static TestDatabase withSeen(TestDatabase made) {
        made.execute("CREATE TABLE seen (word VARCHAR(40) NOT NULL)");
        return made;
    }

    /** A follower on a store, and recorders of another database, or where there is a database others of the same. */
    private Runner open(Store store, Consumer<String> policy) {
        withSeen(elsewhere);
        if (store == Store.MEMORY) {
            recorders = new InMemoryRecorders();
            others = MyBatisRecorders.over(elsewhere.dataSource(), SeenMapper.class);
        } else {
            database = withSeen(store == Store.H2 ? H2Database.migrated() : PostgresDatabase.migrated());
            recorders = MyBatisRecorders.over(database.dataSource(), SeenMapper.class);
            others = MyBatisRecorders.over(database.dataSource(), SeenMapper.class);
        }
        Runner runner = new SingleThreadedRunner(EventDrivenSystem.of(Pipe.pipe(Words.class, Echo.class)), recorders);
        runner.get(Echo.class).before = (word, processing) -> policy.accept(word);
        runner.get(Words.class).say("a", "b");
        return runner;
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
        elsewhere.close();
    }

    private List<String> seen() {
        return others.mapper(SeenMapper.class).all();
    }

    @ParameterizedTest
    @EnumSource
    void aMapperOfOtherRecordersIsRefusedInAPolicy(Store store) {
        Runner runner = open(store, word -> others.mapper(SeenMapper.class).add(word));

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> runner.get(Echo.class).pullAndProcess("Words"))
                .havingCause()
                .isInstanceOf(ConfigurationException.class)
                .withMessageContaining("recorders of the follower")
                .withMessageContaining("mapperOutside");

        assertThat(seen()).isEmpty();
        assertThat(runner.get(Echo.class).repeated()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void oneThatReadsIsRefusedToo(Store store) {
        Runner runner = open(store, word -> others.mapper(SeenMapper.class).all());

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> runner.get(Echo.class).pullAndProcess("Words"))
                .withMessageContaining("is called in a policy");
    }

    @ParameterizedTest
    @EnumSource
    void onThatIsAskedForOutsideStaysWhateverBecomesOfTheBatch(Store store) {
        Runner runner = open(store, word -> {
            others.mapperOutside(SeenMapper.class).add(word);
            if (word.equals("b")) {
                throw new IllegalStateException("the policy's own");
            }
        });

        assertThatExceptionOfType(EventProcessingException.class)
                .isThrownBy(() -> runner.get(Echo.class).pullAndProcess("Words"))
                .withMessageContaining("the policy's own");

        // Once in the batch, and once in a transaction for each event.
        assertThat(seen()).containsExactly("a", "a", "b", "b");
        assertThat(runner.get(Echo.class).repeated()).containsExactly("a");
    }

    @ParameterizedTest
    @EnumSource
    void inADryRunEitherIsRefused(Store store) {
        Runner runner = open(store, word -> {
            others.mapperOutside(SeenMapper.class).add(word);
        });
        Runner inside = new SingleThreadedRunner(EventDrivenSystem.of(Pipe.pipe(Words.class, Echo.class)), recorders);
        inside.get(Echo.class).before =
                (word, processing) -> others.mapper(SeenMapper.class).add(word);

        for (Runner each : List.of(runner, inside)) {
            FollowerSyncReport report = new FollowerSync(each).sync(List.of(), SyncMode.DRY_RUN);

            assertThat(report.failures())
                    .singleElement()
                    .satisfies(
                            failed -> assertThat(failed.failure().orElseThrow().message())
                                    .contains("A dry run would change this database for good"));
        }
        assertThat(seen()).isEmpty();
    }

    /** Within a session that somebody has opened for it, and where somebody has begun a transaction, it is plain what is meant. */
    @ParameterizedTest
    @EnumSource
    void aTransactionOfTheOtherRecordersIsNoMistake(Store store) {
        Runner runner = open(
                store,
                word -> others.transactions()
                        .required(() -> others.mapper(SeenMapper.class).add(word)));

        runner.get(Echo.class).pullAndProcess("Words");

        assertThat(seen()).containsExactly("a", "b");
    }

    /** Nothing can tell, but for what stays. */
    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL"})
    void anEffectThatAnotherThreadMakesIsFoundByTheCheck(Store store) {
        Runner runner = open(
                store,
                word -> Concurrently.start(() -> ((MyBatisRecorders) recorders)
                                .mapper(SeenMapper.class)
                                .add(word))
                        .get());

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> PolicyEffects.of(runner).requireInTransaction(this::seen))
                .withMessageContaining("outside of the transactions")
                .withMessageContaining("Before: []")
                .withMessageContaining("After:  [a, b]");
    }

    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL"})
    void oneThatAnotherConnectionMakesToo(Store store) {
        Runner runner = open(store, word -> database.execute("INSERT INTO seen VALUES ('" + word + "')"));

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> PolicyEffects.of(runner).followers("Echo").requireInTransaction(this::seen))
                .withMessageContaining("outside of the transactions");
    }

    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL"})
    void effectsInTheTransactionPassTheCheckAndAreMadeLater(Store store) {
        Runner runner = open(
                store,
                word -> ((MyBatisRecorders) recorders).mapper(SeenMapper.class).add(word));

        assertThatCode(() -> PolicyEffects.of(runner).requireInTransaction(this::seen))
                .doesNotThrowAnyException();

        assertThat(seen()).isEmpty();
        runner.get(Echo.class).pullAndProcess("Words");
        assertThat(seen()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @EnumSource
    void aCheckThatSawNoPolicyOrNotAllOfThemFails(Store store) {
        Runner runner = open(store, word -> {
            throw new IllegalStateException("the policy's own");
        });

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> PolicyEffects.of(runner).requireInTransaction(this::seen))
                .withMessageContaining("the policy's own");
        runner.get(Echo.class).before = (word, processing) -> {};
        runner.get(Echo.class).pullAndProcess("Words");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> PolicyEffects.of(runner).requireInTransaction(this::seen))
                .withMessageContaining("No follower has an event");
    }
}
