package school;

import static dev.eventsourcing.system.Pipe.pipe;

import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;
import training.Diplomas;
import training.TrainingSchool;

/** Runners of a program that connects on its own. */
public final class OwnDataSource {
    private OwnDataSource() {}

    /** With a password that the goal is not to know. */
    public static Runner runner() {
        return over("jdbc:h2:./target/own");
    }

    /** With one for a server that is not there. */
    public static Runner unreachable() {
        return over("jdbc:postgresql://localhost:1/school");
    }

    /** With one in a URL that no driver takes; what is thrown quotes it. */
    public static Runner undriven() throws SQLException {
        DriverManager.getConnection("jdbc:nosuch://headmaster:canary-in-url@localhost/school?password=canary-in-url");
        return runner();
    }

    private static Runner over(String url) {
        String driver = url.startsWith("jdbc:h2:") ? "org.h2.Driver" : "org.postgresql.Driver";
        return new SingleThreadedRunner(
                EventDrivenSystem.of(pipe(TrainingSchool.class, Diplomas.class)),
                MyBatisRecorders.over(new UnpooledDataSource(driver, url, "headmaster", "canary-own")));
    }
}
