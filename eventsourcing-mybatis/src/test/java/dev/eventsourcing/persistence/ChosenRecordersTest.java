package dev.eventsourcing.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChosenRecordersTest {
    private static final UUID DOG = new UUID(0, 1);
    private static final List<StoredEvent> EVENTS = List.of(new StoredEvent(DOG, 1, "Dog.Registered", new byte[] {1}));

    private static RecorderFactory recorders(String... namesAndValues) {
        Map<String, String> given = new java.util.HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            given.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return RecorderFactory.fromSettings(Settings.of(given));
    }

    @Test
    void aProviderOfTheUsersIsFoundByItsName() {
        try (RecorderFactory recorders =
                recorders("eventsourcing.persistence", "notebook", "eventsourcing.compressor", "deflate")) {
            RecorderFactory dogs = recorders.forApplication("Dogs");
            dogs.applicationRecorder("Dogs").insertEvents(EVENTS);

            assertThat(dogs.applicationRecorder("Dogs").selectEvents(DOG, VersionRange.all()))
                    .isEqualTo(EVENTS);
            assertThat(dogs.settings().text(Settings.COMPRESSOR)).contains("deflate");
            assertThat(dogs.settings().describe()).containsPattern("\\n {2}notebook-pages +80 +default\\n");
        }
    }

    @Test
    void aSettingOfAProvidersIsReadByIt() {
        assertThatThrownBy(
                        () -> recorders("eventsourcing.persistence", "notebook", "eventsourcing.notebook-pages", "101"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("eventsourcing.notebook-pages=101 (given) is no whole number from 1 to 100");
    }

    @Test
    void anUnknownNameIsRefusedWithThoseThatAreThere() {
        assertThatThrownBy(() -> recorders("eventsourcing.persistence", "paper"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("eventsourcing.persistence=paper (given) is none of memory, mybatis, notebook");
        try (RecorderFactory recorders =
                recorders("eventsourcing.persistence", "memory", "eventsourcing.Dogs.persistence", "paper")) {
            assertThatThrownBy(() -> recorders.forApplication("Dogs"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("eventsourcing.Dogs.persistence=paper");
        }
    }

    @Test
    void applicationsInMemoryShareOneStore() {
        try (RecorderFactory recorders = recorders("eventsourcing.persistence", "memory")) {
            recorders.forApplication("Dogs").applicationRecorder("Dogs").insertEvents(EVENTS);
            recorders.applicationRecorder("Cats").insertEvents(EVENTS);

            assertThat(recorders
                            .forApplication("Cats")
                            .applicationRecorder("Cats")
                            .maxNotificationId())
                    .hasValue(2);
            assertThat(recorders.forApplication("Cats").transactions()).isSameAs(recorders.transactions());
            assertThat(recorders.snapshotRecorder("Dogs").selectEvents(DOG, VersionRange.all()))
                    .isEmpty();
            assertThat(recorders.migrations()).isEmpty();
        }
    }

    /** What they opened then, nobody would close. */
    @Test
    void openNothingAnyMoreOnceTheyAreClosed() {
        RecorderFactory recorders = recorders("eventsourcing.url", "jdbc:h2:mem:dogs");
        recorders.close();

        assertThatThrownBy(() -> recorders.applicationRecorder("Dogs"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> recorders.forApplication("Dogs"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("closed");
        recorders.close();
    }

    @Test
    void aProviderThatCannotBeMadeIsAnErrorOfOurs(@TempDir Path folder) throws IOException {
        provide(
                "no.such.Provider",
                folder,
                () -> assertThatThrownBy(RecorderFactory::fromSettings)
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("no.such.Provider"));
    }

    @Test
    void twoProvidersOfOneNameAreRefused(@TempDir Path folder) throws IOException {
        provide(
                SecondNotebook.class.getName(),
                folder,
                () -> assertThatThrownBy(RecorderFactory::fromSettings)
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContainingAll(
                                "named notebook", Notebook.class.getName(), SecondNotebook.class.getName()));
    }

    private static void provide(String type, Path folder, Runnable work) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(RecorderProvider.class.getName()), type + "\n");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader more = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            thread.setContextClassLoader(more);
            work.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Has the name of another one. */
    public static final class SecondNotebook implements RecorderProvider {
        @Override
        public String name() {
            return "notebook";
        }

        @Override
        public RecorderFactory open(Settings settings) {
            return new InMemoryRecorders();
        }
    }
}
