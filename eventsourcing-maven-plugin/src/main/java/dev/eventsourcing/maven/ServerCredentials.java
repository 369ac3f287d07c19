package dev.eventsourcing.maven;

import java.util.Map;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;
import org.jspecify.annotations.Nullable;

/** User and password of a server in settings.xml, decrypted. */
final class ServerCredentials {
    private final Settings settings;
    private final SettingsDecrypter decrypter;

    ServerCredentials(Settings settings, SettingsDecrypter decrypter) {
        this.settings = settings;
        this.decrypter = decrypter;
    }

    /**
     * Adds those of a server to options, which go to the tool through a pipe.
     *
     * @throws MojoExecutionException if there is no such server, it has neither, or its password cannot be decrypted
     */
    void addTo(Map<String, String> options, String id) throws MojoExecutionException {
        Server server = settings.getServer(id);
        if (server == null) {
            throw new MojoExecutionException("There is no server " + id
                    + " in settings.xml. Add it, with username and password, or correct eventsourcing.serverId.");
        }
        Server decrypted = decrypted(server);
        if (isBlank(decrypted.getUsername()) && isBlank(decrypted.getPassword())) {
            throw new MojoExecutionException(
                    "Server " + id
                            + " in settings.xml has neither username nor password. Add them, or correct eventsourcing.serverId.");
        }
        options.put("eventsourcing.serverId", id);
        AbstractEventSourcingMojo.put(options, "eventsourcing.user", decrypted.getUsername());
        AbstractEventSourcingMojo.put(options, "eventsourcing.password", decrypted.getPassword());
    }

    private Server decrypted(Server server) throws MojoExecutionException {
        SettingsDecryptionResult result = decrypter.decrypt(new DefaultSettingsDecryptionRequest(server));
        for (SettingsProblem problem : result.getProblems()) {
            // What could not be decrypted comes back as it was. What Maven says of it might repeat some of it.
            if (problem.getSeverity() != SettingsProblem.Severity.WARNING) {
                throw new MojoExecutionException("The password of server " + server.getId()
                        + " in settings.xml cannot be decrypted. Is it encrypted with the master password that this user's"
                        + " settings-security.xml has? Encrypt it again (mvn --encrypt-password, or mvnenc of Maven 4), or, if"
                        + " it is a plain text with braces, put a backslash before each.");
            }
        }
        return result.getServer();
    }

    private static boolean isBlank(@Nullable String value) {
        return value == null || value.isBlank();
    }
}
