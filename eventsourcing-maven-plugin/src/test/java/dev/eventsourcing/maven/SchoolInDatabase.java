package dev.eventsourcing.maven;

import static dev.eventsourcing.system.Pipe.pipe;

import dev.eventsourcing.domain.DomainEvent;
import dev.eventsourcing.persistence.RecorderFactory;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Follower;
import dev.eventsourcing.system.ProcessingEvent;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.apache.ibatis.datasource.unpooled.UnpooledDataSource;

/** A program whose events are in a database: one that settings name, or one that it connects to on its own. */
public final class SchoolInDatabase {
    private static final EventDrivenSystem SYSTEM = EventDrivenSystem.of(
            pipe(WaitingSchool.Speaker.class, WaitingSchool.Listener.class),
            pipe(WaitingSchool.Speaker.class, Scribe.class));

    private SchoolInDatabase() {}

    /** Takes URL, user and password from settings. */
    public static Runner fromSettings() {
        MyBatisRecorders recorders = MyBatisRecorders.fromSettings();
        return new SingleThreadedRunner(SYSTEM, recorders).closing(recorders);
    }

    /** Has a password of its own. */
    public static Runner own() {
        return over("org.h2.Driver", "jdbc:h2:./target/own");
    }

    /** Has a password of its own, for a server that is not there. */
    public static Runner unreachable() {
        return over("org.postgresql.Driver", "jdbc:postgresql://localhost:1/school");
    }

    /** Has a password in a URL that no driver takes; the exception quotes it. */
    public static Runner undriven() throws SQLException {
        DriverManager.getConnection("jdbc:nosuch://headmaster:canary-in-url@localhost/school?password=canary-in-url");
        return own();
    }

    private static Runner over(String driver, String url) {
        return new SingleThreadedRunner(
                SYSTEM, MyBatisRecorders.over(new UnpooledDataSource(driver, url, "headmaster", "canary-own")));
    }

    /** A second follower. */
    public static final class Scribe extends Follower {
        /** For the runner. */
        public Scribe(RecorderFactory recorders) {
            super("Scribe", recorders);
        }

        @Override
        protected void policy(DomainEvent<?> event, ProcessingEvent processing) {}
    }
}
