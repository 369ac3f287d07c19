package dev.eventsourcing.maven;

import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugins.annotations.Execute;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;
import org.jspecify.annotations.Nullable;

/**
 * Creates the tables of events, snapshots and positions, and brings them up to date. Does nothing if they are. The database is
 * that of <code>eventsourcing.url</code>, else those that the program's runner records in, else the default one. Never drops a
 * table.
 *
 * @since 0.1.0
 */
@Mojo(name = "migrate", requiresDependencyResolution = ResolutionScope.RUNTIME, threadSafe = true)
@Execute(phase = LifecyclePhase.PROCESS_CLASSES)
public final class MigrateMojo extends AbstractEventSourcingMojo {
    /**
     * Id of a server in settings.xml, whose user and password are those of the database; they may be encrypted. Without it, the
     * environment variables <code>EVENTSOURCING_USER</code> and <code>EVENTSOURCING_PASSWORD</code> are taken.
     *
     * @since 0.1.0
     */
    @Parameter(property = "eventsourcing.serverId")
    private @Nullable String serverId;

    /**
     * How the log is ordered, in a schema that has no events yet: <code>readers-barrier</code> (PostgreSQL, the default there),
     * <code>counter-row</code> (portable, the only one on H2), or <code>table-lock</code> (PostgreSQL, to share the table with
     * writers that lock it). Without it, the environment variable <code>EVENTSOURCING_ORDERING</code> is taken, else what the
     * schema has recorded stays.
     *
     * @since 0.1.0
     */
    @Parameter(property = "eventsourcing.ordering")
    private @Nullable String ordering;

    /**
     * Prints the SQL that would be run, and changes nothing: true or false.
     *
     * @since 0.1.0
     */
    @Parameter(property = "dry-run", alias = "dry-run")
    private @Nullable String dryRun;

    @Inject
    private SettingsDecrypter decrypter;

    /** For Maven. */
    public MigrateMojo() {}

    @Override
    String goal() {
        return "migrate";
    }

    @Override
    void addOptions(Map<String, String> options) throws MojoExecutionException {
        CommandLine commandLine = new CommandLine(session.getUserProperties());
        options.put("dry-run", Boolean.toString(commandLine.flag("dry-run", dryRun)));
        commandLine.refuse("batch-size", "eventsourcing:migrate");
        put(options, "eventsourcing.ordering", commandLine.value("eventsourcing.ordering", ordering));
        String id = commandLine.value("eventsourcing.serverId", serverId);
        if (id == null) {
            return;
        }
        Server server = session.getSettings().getServer(id);
        if (server == null) {
            throw new MojoExecutionException("There is no server " + id
                    + " in settings.xml. Add it, with username and password, or correct eventsourcing.serverId.");
        }
        SettingsDecryptionResult result = decrypter.decrypt(new DefaultSettingsDecryptionRequest(server));
        for (SettingsProblem problem : result.getProblems()) {
            // What could not be decrypted comes back as it was.
            if (problem.getSeverity() != SettingsProblem.Severity.WARNING) {
                throw new MojoExecutionException("The password of server " + id
                        + " in settings.xml cannot be decrypted. Encrypt it again: mvn --encrypt-password.");
            }
        }
        put(options, "eventsourcing.user", result.getServer().getUsername());
        put(options, "eventsourcing.password", result.getServer().getPassword());
    }
}
