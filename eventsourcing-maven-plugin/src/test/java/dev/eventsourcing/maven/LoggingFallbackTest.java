package dev.eventsourcing.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.artifact.DefaultArtifact;
import org.apache.maven.artifact.handler.DefaultArtifactHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoggingFallbackTest {
    private static final String SERVICE = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";

    @TempDir
    Path folder;

    @Test
    void addsTheBindingBehindAClassPathThatHasNone() throws IOException {
        String jar = jar("plain.jar", "some/Thing.class");
        String text = Files.writeString(folder.resolve("notes.txt"), "no jar").toString();

        LoggingFallback logging = LoggingFallback.on(List.of(jar, text), pluginArtifacts());

        assertThat(logging.classPath()).containsExactly(jar, text, binding().getPath());
        assertThat(logging.jvmArguments()).contains("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    }

    @Test
    void leavesAProjectAloneThatHasABindingInAJar() throws IOException {
        String jar = jar("logback.jar", SERVICE);

        assertThat(LoggingFallback.on(List.of(jar), pluginArtifacts()))
                .isEqualTo(new LoggingFallback(List.of(jar), List.of()));
    }

    @Test
    void leavesAProjectAloneThatHasABindingInAFolder() throws IOException {
        Path service = folder.resolve("classes").resolve(SERVICE);
        Files.createDirectories(service.getParent());
        Files.createFile(service);
        String classes = folder.resolve("classes").toString();

        assertThat(LoggingFallback.on(List.of(classes), pluginArtifacts()))
                .isEqualTo(new LoggingFallback(List.of(classes), List.of()));
    }

    private String jar(String name, String entry) throws IOException {
        Path jar = folder.resolve(name);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new ZipEntry(entry));
        }
        return jar.toString();
    }

    private List<Artifact> pluginArtifacts() {
        return List.of(
                artifact("maven-plugin-api", folder.resolve("api.jar").toFile()), artifact("slf4j-simple", binding()));
    }

    private File binding() {
        return folder.resolve("slf4j-simple.jar").toFile();
    }

    private static Artifact artifact(String id, File file) {
        Artifact artifact =
                new DefaultArtifact("some", id, "1", "runtime", "jar", "", new DefaultArtifactHandler("jar"));
        artifact.setFile(file);
        return artifact;
    }
}
