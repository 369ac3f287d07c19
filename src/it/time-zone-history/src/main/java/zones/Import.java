package zones;

import static dev.eventsourcing.system.Pipe.pipe;

import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.EventDrivenSystem;
import dev.eventsourcing.system.Runner;
import dev.eventsourcing.system.SingleThreadedRunner;
import java.time.Duration;
import java.time.ZoneId;
import java.util.TreeSet;

public final class Import {
    private Import() {}

    public static Runner runner() {
        MyBatisRecorders recorders = MyBatisRecorders.fromSettings(OffsetChangesMapper.class);
        return new SingleThreadedRunner(
                        EventDrivenSystem.of(pipe(TimeZones.class, OffsetChangesPerYear.class)), recorders)
                .closing(recorders);
    }

    public static void main(String[] arguments) {
        try (Runner runner = runner()) {
            runner.get(OffsetChangesPerYear.class).createTable();
            TimeZones zones = runner.get(TimeZones.class);
            long start = System.nanoTime();
            int count = 0;
            int events = 0;
            for (String id : new TreeSet<>(ZoneId.getAvailableZoneIds())) {
                events += zones.record(ZoneId.of(id));
                count++;
            }
            System.out.printf(
                    "Recorded %d events of %d zones in %d ms%n",
                    events, count, Duration.ofNanos(System.nanoTime() - start).toMillis());
            System.out.println("Europe/Paris, read back: " + zones.lastOffset(ZoneId.of("Europe/Paris")));
        }
    }
}
