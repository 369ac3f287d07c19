package visits;

import static dev.eventsourcing.system.Pipe.pipe;

import com.baomidou.mybatisplus.annotation.DbType;
import com.baomidou.mybatisplus.core.MybatisConfiguration;
import com.baomidou.mybatisplus.core.MybatisSqlSessionFactoryBuilder;
import com.baomidou.mybatisplus.extension.plugins.MybatisPlusInterceptor;
import com.baomidou.mybatisplus.extension.plugins.inner.BlockAttackInnerInterceptor;
import com.baomidou.mybatisplus.extension.plugins.inner.OptimisticLockerInnerInterceptor;
import com.baomidou.mybatisplus.extension.plugins.inner.PaginationInnerInterceptor;
import com.baomidou.mybatisplus.extension.plugins.inner.TenantLineInnerInterceptor;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import net.sf.jsqlparser.expression.LongValue;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionManager;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import training.TrainingSchool;

/** The tenant's interceptor knows of no exception: no table of the library is named to it. */
public final class Program {
    private Program() {}

    public static Runner runner() {
        return runner(MyBatisRecorders.over(SqlSessionManager.newInstance(factory())));
    }

    private static Runner runner(MyBatisRecorders recorders) {
        EventDrivenSystem system = EventDrivenSystem.of(pipe(TrainingSchool.class, Visits.class));
        return new SingleThreadedRunner(system, recorders).closing(recorders);
    }

    private static SqlSessionFactory factory() {
        MybatisPlusInterceptor interceptor = new MybatisPlusInterceptor();
        interceptor.addInnerInterceptor(new TenantLineInnerInterceptor(() -> new LongValue(42)));
        interceptor.addInnerInterceptor(new PaginationInnerInterceptor(DbType.H2));
        interceptor.addInnerInterceptor(new OptimisticLockerInnerInterceptor());
        interceptor.addInnerInterceptor(new BlockAttackInnerInterceptor());
        MybatisConfiguration configuration = new MybatisConfiguration(new Environment(
                "program",
                new JdbcTransactionFactory(),
                new UnpooledDataSource("org.h2.Driver", "jdbc:h2:./target/visits", "", "")));
        configuration.addInterceptor(interceptor);
        configuration.addMapper(VisitMapper.class);
        return new MybatisSqlSessionFactoryBuilder().build(configuration);
    }

    public static void main(String[] arguments) {
        SqlSessionFactory factory = factory();
        MyBatisRecorders recorders = MyBatisRecorders.over(factory);
        try (Runner runner = runner(recorders);
                var session = factory.openSession()) {
            session.getMapper(VisitMapper.class).createTable();
            // Within a session of the program's, and in transactions of the library's own.
            recorders.within(session, () -> {
                TrainingSchool school = runner.get(TrainingSchool.class);
                school.register("Fido");
                school.addTrick("Fido", "sit");
                school.addTrick("Fido", "fetch");
            });
            session.commit();
            TrainingSchool school = runner.get(TrainingSchool.class);
            school.addTrick("Fido", "roll over");
            System.out.println("Fido learns " + school.tricksOf("Fido"));
        }
    }
}
