package visitors;

import static dev.eventsourcing.system.Pipe.pipe;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import java.time.LocalDate;
import org.flywaydb.core.Flyway;

/** A program with tables, migrations and versions of its own. */
public final class House {
    private House() {}

    public static Runner runner() {
        MyBatisRecorders recorders = MyBatisRecorders.fromSettings(VisitorMapper.class);
        return new SingleThreadedRunner(EventDrivenSystem.of(pipe(Door.class, GuestBook.class)), recorders)
                .closing(recorders);
    }

    public static void main(String[] arguments) throws Exception {
        String url = System.getProperty("eventsourcing.url");
        int applied = Flyway.configure(House.class.getClassLoader())
                .dataSource(url, "", "")
                // The events' tables are there already.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate()
                .migrationsExecuted;
        String jar = Flyway.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        System.out.println("The program's own " + jar.substring(jar.lastIndexOf('/') + 1) + " applied " + applied);
        System.out.println("The program's own Jackson reads " + new ObjectMapper().readTree("[1, 2]"));
        try (Runner runner = runner()) {
            runner.get(Door.class).open("Ada", LocalDate.of(2026, 11, 23));
        }
    }
}
