package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.testsupport.H2Database;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.session.SqlSession;
import org.junit.jupiter.api.Test;

/** What looked harmless and was not, each with what it had broken. */
class MapperVisibilityTest {
    interface PackagePrivateMapper {
        @Select("SELECT 7")
        int seven();
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
}
