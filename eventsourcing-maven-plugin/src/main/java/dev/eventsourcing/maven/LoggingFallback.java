package dev.eventsourcing.maven;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.apache.maven.artifact.Artifact;

/**
 * Lets warnings be seen in projects that have no SLF4J binding, instead of SLF4J's own complaint. A project that has one
 * keeps its class path and its settings.
 *
 * @param classPath the project's, with a binding at its end if it had none
 * @param jvmArguments what that binding needs to be told
 */
record LoggingFallback(List<String> classPath, List<String> jvmArguments) {
    private static final String SERVICE = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";

    private static final List<String> SETTINGS = List.of(
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showThreadName=false",
            "-Dorg.slf4j.simpleLogger.showLogName=false");

    static LoggingFallback on(List<String> classPath, List<Artifact> pluginArtifacts) {
        if (classPath.stream().anyMatch(LoggingFallback::hasBinding)) {
            return new LoggingFallback(classPath, List.of());
        }
        List<String> longer = new ArrayList<>(classPath);
        pluginArtifacts.stream()
                .filter(artifact -> artifact.getArtifactId().equals("slf4j-simple"))
                .map(artifact -> artifact.getFile().getPath())
                .forEach(longer::add);
        return new LoggingFallback(longer, SETTINGS);
    }

    private static boolean hasBinding(String element) {
        File file = new File(element);
        if (file.isDirectory()) {
            return new File(file, SERVICE).isFile();
        }
        try (ZipFile jar = new ZipFile(file)) {
            return jar.getEntry(SERVICE) != null;
        } catch (IOException e) {
            // Not a jar, as a class path may have: then it has no binding either.
            return false;
        }
    }
}
