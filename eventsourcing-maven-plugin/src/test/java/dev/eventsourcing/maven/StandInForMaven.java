package dev.eventsourcing.maven;

import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.maven.plugin.logging.SystemStreamLog;

/** Launches the tool as a goal does, in a process that a test may kill: a folder, and the port of a gate, are its arguments. */
final class StandInForMaven {
    private StandInForMaven() {}

    public static void main(String[] arguments) throws Exception {
        File folder = new File(arguments[0]);
        Properties properties = new Properties();
        properties.setProperty(WaitingSchool.GATE, arguments[1]);
        new ForkedTool(
                        new SystemStreamLog(),
                        new File(System.getProperty("java.home"), "bin/java").getPath(),
                        List.of(),
                        ForkedToolTest.testClassPath(),
                        folder)
                .run(
                        "sync-followers",
                        Map.of("runner", WaitingSchool.class.getName() + "::stopsInABatch", "batch-size", "1"),
                        properties,
                        new File(folder, "target"));
    }
}
