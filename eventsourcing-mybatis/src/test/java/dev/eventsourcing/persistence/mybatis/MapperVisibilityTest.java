package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.eventsourcing.testsupport.H2Database;
import dev.eventsourcing.testsupport.Sneaky;
import dev.eventsourcing.testsupport.TestDatabase;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.session.SqlSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What users write as mappers, and what comes out of their default methods. */
class MapperVisibilityTest {
    interface PackagePrivateMapper {
        @Select("SELECT 7")
        int seven();

        default void insertOrGiveUp() throws IOException {
            seven();
            throw new IOException("declared");
        }

        default void sneak() {
            throw Sneaky.sneak(new IOException("not declared"));
        }
    }

    @Test
    void mappersNeedNotBePublic() {
        try (H2Database database = H2Database.migrated()) {
            org.apache.ibatis.session.Configuration users =
                    new org.apache.ibatis.session.Configuration(new org.apache.ibatis.mapping.Environment(
                            "users",
                            new org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory(),
                            database.dataSource()));
            users.addMapper(PackagePrivateMapper.class);
            try (SqlSession session = new org.apache.ibatis.session.SqlSessionFactoryBuilder()
                    .build(users)
                    .openSession()) {
                assertThat(session.getMapper(PackagePrivateMapper.class).seven())
                        .isEqualTo(7);
            }
            MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource(), PackagePrivateMapper.class);

            assertThat(recorders.mapper(PackagePrivateMapper.class).seven()).isEqualTo(7);
        }
    }

    /** As without the library: one that is not declared, the proxy of MyBatis wraps. */
    @ParameterizedTest
    @EnumSource
    void aDeclaredCheckedExceptionOfADefaultMethodIsThrownAsItIs(DatabaseKind kind) {
        try (TestDatabase database = kind.migrated()) {
            MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource(), PackagePrivateMapper.class);
            PackagePrivateMapper mapper = recorders.mapper(PackagePrivateMapper.class);

            assertThat(catchThrowable(mapper::insertOrGiveUp))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("declared");
            assertThat(catchThrowable(
                            () -> recorders.transactions().required(() -> catchThrowable(mapper::insertOrGiveUp))))
                    .isNull();
            assertThat(catchThrowable(mapper::sneak))
                    .isExactlyInstanceOf(UndeclaredThrowableException.class)
                    .hasRootCauseMessage("not declared");
        }
    }
}
