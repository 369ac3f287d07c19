package dev.eventsourcing.spring;

import static dev.eventsourcing.system.Pipe.pipe;

import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import javax.sql.DataSource;
import org.apache.ibatis.session.SqlSessionFactory;
import org.mybatis.spring.SqlSessionFactoryBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import training.Diplomas;
import training.TrainingSchool;
import training.TrickBoard;
import training.TrickCountMapper;

/** The training school in a Spring context that has a data source. */
@Configuration
@EnableTransactionManagement
public class SchoolConfiguration {
    @Bean
    PlatformTransactionManager transactionManager(DataSource dataSource) {
        return new DataSourceTransactionManager(dataSource);
    }

    @Bean
    SqlSessionFactory sqlSessionFactory(DataSource dataSource) throws Exception {
        SqlSessionFactoryBean bean = new SqlSessionFactoryBean();
        bean.setDataSource(dataSource);
        SqlSessionFactory factory = bean.getObject();
        factory.getConfiguration().addMapper(TrickCountMapper.class);
        return factory;
    }

    @Bean
    MyBatisRecorders recorders(SqlSessionFactory factory, PlatformTransactionManager manager, DataSource dataSource) {
        return MyBatisRecorders.over(factory, new SpringTransactions(manager, dataSource));
    }

    @Bean
    TrainingSchool school(MyBatisRecorders recorders) {
        return new TrainingSchool(recorders);
    }

    @Bean
    Diplomas diplomas(MyBatisRecorders recorders) {
        return new Diplomas(recorders);
    }

    @Bean
    TrickBoard board(MyBatisRecorders recorders) {
        return new TrickBoard(recorders);
    }

    @Bean(initMethod = "start") // and Spring calls close()
    Runner runner(ApplicationContext context) {
        EventDrivenSystem system = EventDrivenSystem.of(
                pipe(TrainingSchool.class, Diplomas.class), pipe(TrainingSchool.class, TrickBoard.class));
        return new SingleThreadedRunner(system, context::getBean);
    }

    @Bean
    Lessons lessons(TrainingSchool school) {
        return new Lessons(school);
    }
}
