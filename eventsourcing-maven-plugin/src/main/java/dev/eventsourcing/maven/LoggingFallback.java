package dev.eventsourcing.maven;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.zip.ZipFile;
import org.apache.maven.artifact.Artifact;

/** Lets warnings be seen in projects that have no SLF4J binding, instead of SLF4J's own complaint. */
final class LoggingFallback {
    private static final String SERVICE = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";

    private LoggingFallback() {}

    /** Adds a binding to the end of a class path that has none. */
    static List<String> addTo(List<String> classPath, List<Artifact> pluginArtifacts) {
        if (classPath.stream().noneMatch(LoggingFallback::hasBinding)) {
            pluginArtifacts.stream()
                    .filter(artifact -> artifact.getArtifactId().equals("slf4j-simple"))
                    .map(artifact -> artifact.getFile().getPath())
                    .forEach(classPath::add);
        }
        return classPath;
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
