package dev.eventsourcing.maven;

import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import javax.inject.Inject;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.artifact.DependencyResolutionRequiredException;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.jspecify.annotations.Nullable;

/** What every goal does: skip, launch, show the outcome. */
abstract class AbstractEventSourcingMojo extends AbstractMojo {
    private static final String LIBRARY = "dev.eventsourcing:eventsourcing-mybatis";

    /**
     * Skips the goal: true or false.
     *
     * @since 0.1.0
     */
    @Parameter(property = "eventsourcing.skip")
    @Nullable String skip;

    /**
     * The program's runner, as class and member: <code>com.acme.School::runner</code>. The member is a public static method
     * without parameters, or a public static field, of type <code>dev.eventsourcing.system.Runner</code>. Without it, a
     * service of type <code>dev.eventsourcing.system.RunnerFactory</code> is taken, else the only such member in the public
     * classes of this module; a field and the methods of its class that return what it has are one. The runner need not be
     * started, and is closed at the end.
     *
     * @since 0.1.0
     */
    @Parameter(property = "runner")
    @Nullable String runner;

    /**
     * JDBC URL of the database, for <code>migrate</code>, <code>pending</code> and for recorders that the program makes from settings. Without it,
     * the environment variable <code>EVENTSOURCING_URL</code> is taken, else a file of H2 under <code>target</code>, to try
     * things out. <code>sync-followers</code> refuses it where the runner has its events in another database, as over a data source of its own; with no
     * value it is none. Write no password into it.
     *
     * @since 0.1.0
     */
    @Parameter(property = "eventsourcing.url")
    @Nullable String url;

    /**
     * Schema of the tables, letter case and all. Without it, the environment variable <code>EVENTSOURCING_SCHEMA</code> is
     * taken, else the schema that connections stand in.
     *
     * @since 0.1.0
     */
    @Parameter(property = "eventsourcing.schema")
    @Nullable String schema;

    /**
     * Id of a server in settings.xml, whose user and password are those of the database; they may be encrypted. They are for
     * <code>eventsourcing.url</code>, and for recorders that the program makes from settings; a data source of the program's
     * own has its own. Without it, the environment variables <code>EVENTSOURCING_USER</code> and
     * <code>EVENTSOURCING_PASSWORD</code> are taken.
     *
     * @since 0.1.0
     */
    @Parameter(property = "eventsourcing.serverId")
    @Nullable String serverId;

    /**
     * How long a database that cannot be reached is tried again, all databases together: a whole number and its unit, as
     * <code>500ms</code>, <code>30s</code> or <code>5m</code>; <code>0s</code> to try once. Without it, 10s. Rejected credentials fail
     * at once.
     *
     * @since 0.1.0
     */
    @Parameter(property = "connect-patience", alias = "connect-patience")
    @Nullable String connectPatience;

    /**
     * Arguments for the JVM that does the work, such as <code>-Xmx256m</code>.
     *
     * @since 0.1.0
     */
    @Parameter
    List<String> jvmArguments = new ArrayList<>();

    @Parameter(defaultValue = "${session}", readonly = true, required = true)
    MavenSession session;

    @Parameter(defaultValue = "${project}", readonly = true, required = true)
    MavenProject project;

    @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true)
    MojoExecution execution;

    @Parameter(defaultValue = "${plugin.artifacts}", readonly = true, required = true)
    List<Artifact> pluginArtifacts;

    @Inject
    ToolchainManager toolchains;

    @Inject
    SettingsDecrypter decrypter;

    @Override
    public final void execute() throws MojoExecutionException, MojoFailureException {
        try {
            run();
        } catch (UsageException e) {
            throw new MojoExecutionException(e.getMessage(), e);
        }
    }

    /** The goal's name. */
    abstract String goal();

    /** Adds what the goal was asked for, beside what every goal is. */
    abstract void addOptions(Map<String, String> options) throws MojoExecutionException;

    private void run() throws MojoExecutionException, MojoFailureException {
        CommandLine commandLine = new CommandLine(session.getUserProperties());
        if (commandLine.flag("eventsourcing.skip", skip)) {
            getLog().info("Skipped: eventsourcing.skip is true.");
            // What was wanted is done.
            requireOneRan(true);
            return;
        }
        commandLine.refuseSlips();
        Secrets.refuse(session.getUserProperties(), url, jvmArguments);
        boolean reactor = session.getProjects().size() > 1;
        if (project.getArtifacts().stream().noneMatch(AbstractEventSourcingMojo::isLibrary)) {
            if (reactor) {
                getLog().info("Skipped: this module does not depend on " + LIBRARY + ".");
                requireOneRan(false);
                return;
            }
            throw new MojoExecutionException("This project does not depend on " + LIBRARY
                    + ". Add it to the dependencies, or run the goal in a module that has it (-pl).");
        }
        requireOneRan(launch(commandLine, reactor));
    }

    /** Runs the goal and returns whether there was something to run it with. */
    private boolean launch(CommandLine commandLine, boolean reactor)
            throws MojoExecutionException, MojoFailureException {
        Map<String, String> options = new HashMap<>();
        addOptions(options);
        put(options, "runner", commandLine.value("runner", runner));
        put(options, "eventsourcing.url", commandLine.value("eventsourcing.url", url));
        put(options, "eventsourcing.schema", commandLine.value("eventsourcing.schema", schema));
        put(options, "connect-patience", commandLine.value("connect-patience", connectPatience));
        addCredentials(options, commandLine);
        options.put("classes", project.getBuild().getOutputDirectory());
        if (reactor) {
            options.put("runner-optional", "true");
        }
        ForkedTool.Report report = tool().run(
                        goal(),
                        options,
                        properties(options),
                        new File(project.getBuild().getDirectory()));
        switch (report.exit()) {
            case 0 -> {
                return !report.skipped();
            }
            // The program's system, or its database, says no.
            case 1, 4 -> throw new MojoFailureException(report.message());
            // It could not be asked.
            default -> throw new MojoExecutionException(report.message());
        }
    }

    private void addCredentials(Map<String, String> options, CommandLine commandLine) throws MojoExecutionException {
        String id = commandLine.value("eventsourcing.serverId", serverId);
        if (id == null || id.isBlank()) {
            return;
        }
        if (commandLine.has("eventsourcing.user")) {
            throw new UsageException("Server " + id + " of settings.xml has a user of its own. Leave out either"
                    + " -Deventsourcing.user or eventsourcing.serverId.");
        }
        new ServerCredentials(session.getSettings(), decrypter).addTo(options, id);
    }

    /** Fails in the last module to end if no module had a runner: nothing done is not the same as nothing to do. */
    private void requireOneRan(boolean ran) throws MojoExecutionException {
        if (ReactorRuns.noneRan(session, execution, ran)) {
            throw new MojoExecutionException("No module of this build has a runner. Name one with"
                    + " -Drunner=com.acme.School::runner, in the module that has it (-pl).");
        }
    }

    /** System properties for the program: those of the command line, as it does not inherit them, and what goals set. */
    private Properties properties(Map<String, String> options) {
        Properties properties = new Properties();
        properties.putAll(session.getUserProperties());
        properties.setProperty("basedir", project.getBasedir().getPath());
        for (String shared : List.of("eventsourcing.url", "eventsourcing.schema", "eventsourcing.ordering")) {
            if (options.containsKey(shared)) {
                properties.setProperty(shared, options.get(shared));
            }
        }
        return properties;
    }

    private ForkedTool tool() throws MojoExecutionException {
        LoggingFallback logging = LoggingFallback.on(classPath(), pluginArtifacts);
        List<String> arguments = new ArrayList<>(logging.jvmArguments());
        // What the user says goes last, and so wins. An empty element of the POM comes as nothing.
        jvmArguments.stream().filter(Objects::nonNull).forEach(arguments::add);
        return new ForkedTool(getLog(), java(), arguments, logging.classPath(), project.getBasedir());
    }

    private List<String> classPath() throws MojoExecutionException {
        try {
            return project.getRuntimeClasspathElements();
        } catch (DependencyResolutionRequiredException e) {
            throw new MojoExecutionException("The project's dependencies are not resolved", e);
        }
    }

    private String java() {
        Toolchain jdk = toolchains.getToolchainFromBuildContext("jdk", session);
        String tool = jdk == null ? null : jdk.findTool("java");
        return tool == null ? new File(System.getProperty("java.home"), "bin/java").getPath() : tool;
    }

    private static boolean isLibrary(Artifact artifact) {
        return LIBRARY.equals(artifact.getGroupId() + ":" + artifact.getArtifactId());
    }

    static void put(Map<String, String> options, String name, @Nullable String value) {
        if (value != null) {
            options.put(name, value);
        }
    }
}
