package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.Position;
import dev.eventsourcing.persistence.ProcessRecorder;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.StoredEvent;
import dev.eventsourcing.persistence.Tracking;
import dev.eventsourcing.testsupport.ChildProcess;
import dev.eventsourcing.testsupport.ChildProgram;
import dev.eventsourcing.testsupport.Warnings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process is killed right after H2 has acknowledged what it saved. */
class KilledH2Test {
    private static final int SAVES = 40;

    @TempDir
    Path folder;

    /** Saves events and moves a position in the file of the first five minutes; is told {@code save}. */
    static final class Saving implements ChildProgram {
        public static void main(String[] arguments) throws IOException {
            new Saving().run();
        }

        @Override
        public String answer(String[] words) {
            MyBatisRecorders recorders = MyBatisRecorders.fromSettings(Settings.of(Map.of()));
            recorders.schema().migrate();
            ProcessRecorder recorder = recorders.processRecorder("School");
            recorder.insertEvents(List.of(), Tracking.first("Kennel", 1));
            for (int i = 2; i <= SAVES; i++) {
                recorder.insertEvents(
                        List.of(new StoredEvent(new UUID(0, i), 1, "Dog", new byte[i])),
                        Tracking.after("Kennel", new Position(i - 1, 0), i));
            }
            return "saved";
        }
    }

    @Test
    void keepsEverySaveThatWasAcknowledged() {
        // Closing a process kills it.
        try (ChildProcess process = ChildProcess.start(Saving.class, "-Dbasedir=" + folder)) {
            process.order("save");
        }

        String url = "jdbc:h2:file:" + folder.resolve("target").resolve("eventsourcing") + ";WRITE_DELAY=0";
        try (MyBatisRecorders recorders =
                MyBatisRecorders.fromSettings(Settings.of(Map.of("eventsourcing.url", url)))) {
            ProcessRecorder recorder = recorders.processRecorder("School");
            assertThat(recorder.selectNotifications(NotificationSelection.after(0)))
                    .hasSize(SAVES - 1);
            assertThat(recorder.position("Kennel")).contains(new Position(SAVES, 0));
        }
    }

    @ParameterizedTest
    @CsvSource({"file:, '', true", "file:, ;WRITE_DELAY=20, true", "file:, ;WRITE_DELAY=0, false", "mem:, '', false"})
    void warnsWhereTheUrlHasCommitsWrittenLater(String kind, String setting, boolean warns) {
        String url = "jdbc:h2:" + kind + (kind.equals("mem:") ? "killed" : folder.resolve("events")) + setting;
        try (MyBatisRecorders recorders = MyBatisRecorders.fromSettings(Settings.of(Map.of("eventsourcing.url", url)));
                Warnings warnings = new Warnings()) {
            recorders.schema().migrate();
            recorders.processRecorder("School").insertEvents(List.of(), Tracking.first("Kennel", 1));
            recorders.processRecorder("School").position("Kennel");

            assertThat(warnings.text().split("Add ;WRITE_DELAY=0 to the URL", -1))
                    .hasSize(warns ? 2 : 1);
        }
    }
}
