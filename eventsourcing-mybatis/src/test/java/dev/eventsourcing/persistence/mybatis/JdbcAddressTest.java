package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdbcAddressTest {
    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://localhost:5432/school, jdbc:postgresql://localhost/school?user=app&ssl=true",
        "jdbc:postgresql://127.0.0.1/school, jdbc:postgresql://localhost:5432/school",
        "jdbc:postgresql://[::1]:5432/school, jdbc:postgresql://LOCALHOST/school",
        "jdbc:postgresql:school, jdbc:postgresql://localhost/school",
        "'jdbc:postgresql://one:5432,two:5433/school', jdbc:postgresql://two:5433/school",
        "jdbc:p6spy:postgresql://db/school, jdbc:postgresql://db/school",
        "jdbc:postgresql://db/my%20school, jdbc:postgresql://db/my+school",
        "jdbc:postgresql://db/?service=school, jdbc:postgresql://elsewhere/other",
        "jdbc:h2:mem:school;DB_CLOSE_DELAY=-1, jdbc:h2:mem:school",
        "jdbc:h2:./target/school;AUTO_SERVER=TRUE, jdbc:h2:file:target/school",
        "jdbc:h2:tcp://localhost/~/school, jdbc:h2:tcp://127.0.0.1:9092/~/school"
    })
    void knowsOneDatabaseHoweverItIsWritten(String one, String other) {
        assertThat(JdbcAddress.same(one, other)).isTrue();
        assertThat(JdbcAddress.same(other, one)).isTrue();
    }

    @Test
    void aPoolWithTheSameUrlNeedsNoConnection() {
        String url = "jdbc:postgresql://localhost:1/school";
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(url);

            assertThat(EventStoreSchema.over(pool).isIn(url)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://localhost/school, jdbc:postgresql://localhost/university",
        "jdbc:postgresql://localhost/school, jdbc:postgresql://localhost:5433/school",
        "jdbc:postgresql://192.0.2.1/school, jdbc:postgresql://192.0.2.2/school",
        "jdbc:postgresql://localhost/school, jdbc:h2:tcp://localhost/school",
        "jdbc:h2:mem:school, jdbc:h2:mem:university",
        "jdbc:h2:mem:school, jdbc:h2:./school",
        "jdbc:h2:./target/school, jdbc:h2:./school",
        "jdbc:h2:tcp://localhost/school, jdbc:h2:tcp://localhost:9093/school"
    })
    void tellsDatabasesApart(String one, String other) {
        assertThat(JdbcAddress.same(one, other)).isFalse();
        assertThat(JdbcAddress.same(other, one)).isFalse();
    }
}
