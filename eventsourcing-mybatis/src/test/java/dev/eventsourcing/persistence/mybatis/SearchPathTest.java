package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eventsourcing.persistence.MigrationException;
import dev.eventsourcing.persistence.MigrationException.Reason;
import dev.eventsourcing.testsupport.PostgresDatabase;
import java.util.List;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;
import org.junit.jupiter.api.Test;

/** A schema comes before the one that has the tables, as one of the role's name does in PostgreSQL's own search path. */
class SearchPathTest {
    @Test
    void aMigrationMakesNoSecondStore() {
        try (PostgresDatabase database = PostgresDatabase.migrated()) {
            String first = "first_of_path";
            database.execute("CREATE SCHEMA " + first);
            EventStoreSchema schema = EventStoreSchema.over(new UnpooledDataSource(
                    "org.postgresql.Driver",
                    database.url() + "&options=-c%20search_path=" + first + ",public,pg_temp",
                    null));

            for (Runnable asked : List.<Runnable>of(schema::migrate, schema::plan, schema::pending)) {
                MigrationException refused = catchThrowableOfType(MigrationException.class, asked::run);

                assertThat(refused.reason()).isEqualTo(Reason.OTHER_SCHEMA);
                assertThat(refused.schema()).isEqualTo(first);
                assertThat(refused)
                        .hasMessageContainingAll(
                                "The schema public of", "has the tables already", "stands in " + first, "inSchema");
            }
            assertThat(database.column(
                            "SELECT table_name FROM information_schema.tables WHERE table_schema = '" + first + "'"))
                    .isEmpty();
            assertThat(schema.inSchema("public").pending()).isEmpty();

            // A schema for each tenant stays possible, and then is the one that the connection stands in.
            assertThat(schema.inSchema(first).migrate().applied()).hasSize(Migration.ALL.size());
            assertThat(schema.migrate().applied()).isEmpty();
        }
    }
}
