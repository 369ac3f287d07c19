package dev.eventsourcing.maven;

import dev.eventsourcing.persistence.RecorderFactory;
import java.io.File;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.artifact.DefaultArtifact;
import org.apache.maven.artifact.handler.DefaultArtifactHandler;
import org.apache.maven.execution.DefaultMavenExecutionRequest;
import org.apache.maven.execution.DefaultMavenExecutionResult;
import org.apache.maven.execution.MavenExecutionRequest;
import org.apache.maven.execution.MavenExecutionRequestPopulator;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.lifecycle.internal.MojoDescriptorCreator;
import org.apache.maven.model.Plugin;
import org.apache.maven.plugin.AbstractMojoExecutionException;
import org.apache.maven.plugin.MavenPluginManager;
import org.apache.maven.plugin.Mojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugin.descriptor.PluginDescriptorBuilder;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.building.DefaultSettingsBuildingRequest;
import org.apache.maven.settings.building.SettingsBuilder;
import org.codehaus.plexus.DefaultContainerConfiguration;
import org.codehaus.plexus.DefaultPlexusContainer;
import org.codehaus.plexus.PlexusConstants;
import org.codehaus.plexus.component.repository.ComponentDescriptor;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.codehaus.plexus.util.xml.Xpp3DomBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Runs a goal as Maven does, without a build around it: Maven's own classes read the plugin's descriptor, inject and configure the
 * mojo from POM and command line, read settings.xml and decrypt it. The project has the class path of the tests.
 */
final class GoalInMaven {
    /** Where Maven looks for the name of settings-security.xml: in a system property. */
    private static final String SECURITY = "settings.security";

    private static final DefaultPlexusContainer MAVEN = maven();
    private static final PluginDescriptor PLUGIN = plugin();

    private final MavenProject project = new MavenProject();
    private final MavenExecutionRequest request = new DefaultMavenExecutionRequest();
    private final StringBuilder pom = new StringBuilder();
    private String security = "no-such-file";

    GoalInMaven(Path folder) {
        project.setFile(folder.resolve("pom.xml").toFile());
        project.getBuild().setDirectory(folder.resolve("target").toString());
        project.getBuild().setOutputDirectory(folder.resolve("target/classes").toString());
        project.setArtifacts(dependencies());
        // Short runs start faster so.
        configure(
                "<jvmArguments combine.children='append'><a>-XX:TieredStopAtLevel=1</a><a>-XX:+UseSerialGC</a></jvmArguments>");
    }

    /** Adds elements to the plugin's configuration in the POM. */
    GoalInMaven configure(String elements) {
        pom.append(elements);
        return this;
    }

    /** Leaves the library out of the project's dependencies. */
    GoalInMaven withoutLibrary() {
        project.setArtifacts(Set.of());
        return this;
    }

    /** Takes servers from a settings.xml whose passwords are encrypted as a settings-security.xml says. */
    GoalInMaven settings(Path settings, Path security) throws Exception {
        DefaultSettingsBuildingRequest files = new DefaultSettingsBuildingRequest();
        files.setUserSettingsFile(settings.toFile());
        MAVEN.lookup(MavenExecutionRequestPopulator.class)
                .populateFromSettings(
                        request,
                        MAVEN.lookup(SettingsBuilder.class).build(files).getEffectiveSettings());
        this.security = security.toString();
        return this;
    }

    /** Runs a goal as typed: {@code -Dname=value}, {@code -Dname} for true, {@code -X}. */
    Run run(String goal, String... flags) throws Exception {
        Properties typed = new Properties();
        for (String flag : flags) {
            if (flag.startsWith("-D")) {
                String[] parts = flag.substring(2).split("=", 2);
                typed.setProperty(parts[0], parts.length == 1 ? "true" : parts[1]);
            }
        }
        request.setUserProperties(typed);
        Lines log = new Lines(List.of(flags).contains("-X"));
        System.setProperty(SECURITY, security);
        try {
            Mojo mojo = configured(PLUGIN.getMojo(goal));
            mojo.setLog(log);
            mojo.execute();
            return new Run(log.lines, null);
        } catch (AbstractMojoExecutionException e) {
            return new Run(log.lines, e);
        } finally {
            System.clearProperty(SECURITY);
        }
    }

    @SuppressWarnings("deprecation")
    private Mojo configured(MojoDescriptor goal) throws Exception {
        MavenSession session = new MavenSession(MAVEN, null, request, new DefaultMavenExecutionResult());
        session.setProjects(List.of(project));
        session.setCurrentProject(project);
        MojoExecution execution = new MojoExecution(goal, "default-cli", MojoExecution.Source.CLI);
        execution.setConfiguration(Xpp3Dom.mergeXpp3Dom(inPom(goal), MojoDescriptorCreator.convert(goal)));
        return MAVEN.lookup(MavenPluginManager.class).getConfiguredMojo(Mojo.class, session, execution);
    }

    /** What the POM has for parameters of this goal; Maven leaves out what others have. */
    private Xpp3Dom inPom(MojoDescriptor goal) throws Exception {
        Xpp3Dom all = Xpp3DomBuilder.build(new StringReader("<configuration>" + pom + "</configuration>"));
        Xpp3Dom known = new Xpp3Dom("configuration");
        for (Xpp3Dom element : all.getChildren()) {
            if (goal.getParameterMap().containsKey(element.getName())) {
                known.addChild(element);
            }
        }
        return known;
    }

    private static DefaultPlexusContainer maven() {
        try {
            return new DefaultPlexusContainer(new DefaultContainerConfiguration()
                    .setClassPathScanning(PlexusConstants.SCANNING_INDEX)
                    .setAutoWiring(true));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static PluginDescriptor plugin() {
        try (Reader xml = Files.newBufferedReader(Path.of("target/classes/META-INF/maven/plugin.xml"))) {
            PluginDescriptor plugin = new PluginDescriptorBuilder().build(xml);
            plugin.setPlugin(new Plugin());
            plugin.setArtifacts(List.of());
            plugin.setClassRealm(MAVEN.getContainerRealm());
            for (ComponentDescriptor<?> component : plugin.getComponents()) {
                component.setRealm(MAVEN.getContainerRealm());
                MAVEN.addComponentDescriptor(component);
            }
            return plugin;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<Artifact> dependencies() {
        File library = new File(RecorderFactory.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        Set<Artifact> artifacts = new LinkedHashSet<>();
        for (String element : ForkedToolTest.testClassPath()) {
            File file = new File(element);
            boolean isLibrary = file.getAbsoluteFile().equals(library);
            Artifact artifact = new DefaultArtifact(
                    isLibrary ? "dev.eventsourcing" : "of.the.tests",
                    isLibrary ? "eventsourcing-mybatis" : "n" + artifacts.size(),
                    "1",
                    "runtime",
                    "jar",
                    null,
                    new DefaultArtifactHandler("jar"));
            ((DefaultArtifactHandler) artifact.getArtifactHandler()).setAddedToClasspath(true);
            artifact.setFile(file);
            artifacts.add(artifact);
        }
        return artifacts;
    }

    /**
     * How a goal ended.
     *
     * @param lines what it logged, debug too if that is on
     * @param error why the build fails; null if it does not
     */
    record Run(List<String> lines, @Nullable AbstractMojoExecutionException error) {
        /** The message of the build's failure. */
        String message() {
            return Objects.requireNonNull(Objects.requireNonNull(error, () -> "It went well:\n" + log())
                    .getMessage());
        }

        String log() {
            return lines.stream().collect(Collectors.joining("\n"));
        }
    }

    private static final class Lines extends SystemStreamLog {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final boolean verbose;

        Lines(boolean verbose) {
            this.verbose = verbose;
        }

        @Override
        public boolean isDebugEnabled() {
            return verbose;
        }

        @Override
        public void debug(CharSequence line) {
            if (verbose) {
                lines.add(line.toString());
            }
        }

        @Override
        public void info(CharSequence line) {
            lines.add(line.toString());
        }

        @Override
        public void warn(CharSequence line) {
            lines.add(line.toString());
        }

        @Override
        public void error(CharSequence line) {
            lines.add(line.toString());
        }
    }
}
