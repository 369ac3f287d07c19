package dev.eventsourcing.tool;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.system.Runner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where connections take user and password from: told to people, and never what these are. */
final class Credentials {
    private static final String OF_RUNNER = "the runner's own data source";

    private final ToolOptions options;
    private final Console console;

    Credentials(ToolOptions options, Console console) {
        this.options = options;
        this.console = console;
    }

    /**
     * Hands the user and the password of a server to the settings of this process, in memory alone: recorders that the program
     * makes from settings take them, and no list of system properties or variables shows them. What the server does not
     * have is not taken from elsewhere. Returns the options without them.
     */
    static Map<String, String> handOver(Map<String, String> options) {
        String server = options.get(ToolOptions.SERVER);
        if (server == null) {
            return options;
        }
        Map<String, String> rest = new HashMap<>(options);
        Map<String, String> handed = new HashMap<>();
        for (String secret : List.of(ToolOptions.USER, ToolOptions.PASSWORD)) {
            String value = rest.remove(secret);
            handed.put(secret, value == null ? "" : value);
        }
        Settings.handToProcess(words(server), handed);
        return rest;
    }

    /**
     * Tells where the applications of a runner have theirs from.
     *
     * @throws ConfigurationException if a server was named, and none of them has them from there
     */
    void tell(Runner runner) {
        Map<String, List<String>> applications = new LinkedHashMap<>();
        for (Class<? extends Application> type : runner.system().applications()) {
            Application application = runner.get(type);
            application
                    .migrations()
                    .map(Credentials::words)
                    .ifPresent(words -> applications
                            .computeIfAbsent(words, absent -> new ArrayList<>())
                            .add(application.name()));
        }
        options.text(ToolOptions.SERVER).ifPresent(server -> requireEffect(server, applications));
        if (!applications.isEmpty()) {
            tell(applications);
        }
    }

    /** Tells where the recorders that the settings choose have theirs from. */
    void tell(Migrations store) {
        console.info("Credentials: " + words(store));
    }

    private void tell(Map<String, List<String>> applications) {
        console.info(applications.entrySet().stream()
                .map(entry -> entry.getKey()
                        + (applications.size() == 1 ? "" : " for " + String.join(", ", entry.getValue())))
                .collect(Collectors.joining("; ", "Credentials: ", "")));
    }

    private static void requireEffect(String server, Map<String, List<String>> applications) {
        if (applications.keySet().stream().noneMatch(words -> words.contains(words(server)))) {
            throw new ConfigurationException("-D" + ToolOptions.SERVER + "=" + server + " would be of no effect: "
                    + (applications.isEmpty()
                            ? "the runner's applications keep their events in no database"
                            : "the runner's recorders have user and password from "
                                    + String.join(" and ", applications.keySet()))
                    + ". Leave it out, or let the runner's recorders be made from settings.");
        }
    }

    private static String words(Migrations store) {
        String words = store.credentials();
        return words.isEmpty() ? OF_RUNNER : words;
    }

    private static String words(String server) {
        return "server " + server + " of settings.xml";
    }
}
