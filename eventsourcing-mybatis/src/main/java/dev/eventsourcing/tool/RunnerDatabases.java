package dev.eventsourcing.tool;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.EventSourcingException;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.Migrations;
import dev.eventsourcing.persistence.Setting;
import dev.eventsourcing.persistence.Settings;
import dev.eventsourcing.persistence.TablesPlace;
import dev.eventsourcing.system.Runner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The databases that the applications of a runner keep their events in, each once by its data source and schema, and whether they
 * are those that were asked for: recorders over a data source of the program's own take nothing from settings.
 */
final class RunnerDatabases {
    private static final Setting URL = Setting.open("url", "", "a URL");
    private static final Setting SCHEMA = Setting.open("schema", "", "a schema");
    private static final Setting ORDERING = Setting.open("ordering", "", "an ordering");

    private final ToolOptions options;
    private final boolean needsRunner;
    private final String runner;
    private final Settings settings;
    private final Map<Migrations, List<Application>> stores = new LinkedHashMap<>();

    /**
     * Takes note of them, and asks none.
     *
     * @param name the runner's, for messages
     * @param needsRunner whether the command does nothing without it; another works with a URL alone
     */
    RunnerDatabases(Runner runner, String name, ToolOptions options, boolean needsRunner) {
        this.options = options;
        this.needsRunner = needsRunner;
        this.runner = name;
        this.settings = Settings.of(options.connection());
        runner.system().applications().forEach(type -> {
            Application application = runner.get(type);
            application
                    .migrations()
                    .ifPresent(store -> stores.computeIfAbsent(store, absent -> new ArrayList<>())
                            .add(application));
        });
    }

    /** The applications by the store that they are in; in the system's order. */
    Map<Migrations, List<Application>> stores() {
        return stores;
    }

    /** Names of applications, as people read them. */
    static String names(List<Application> applications) {
        return applications.stream().map(Application::name).collect(Collectors.joining(", "));
    }

    /**
     * Refuses what settings say of all databases and recorders do not take: a user, a schema or an ordering. Asks no database.
     *
     * @throws ConfigurationException if there is such a thing
     */
    void requireSettingsTaken() {
        if (options.text(ToolOptions.USER).isPresent() && !takeCredentials()) {
            throw new ConfigurationException(
                    needsRunner
                            ? "-D" + ToolOptions.USER
                                    + " would be of no effect: the runner's recorders connect on their own." + cure()
                            : "A user was given, but no database: the runner's recorders connect on their own."
                                    + " Give its URL too, with -D" + ToolOptions.URL + ".");
        }
        stores.forEach((store, applications) -> applications.forEach(application -> requireTaken(store, application)));
    }

    private boolean takeCredentials() {
        return stores.keySet().stream().anyMatch(store -> store.credentials().contains(ToolOptions.USER));
    }

    private void requireTaken(Migrations store, Application application) {
        asked(ToolOptions.SCHEMA, SCHEMA, application)
                .filter(schema -> !store.schema().equals(schema))
                .ifPresent(schema -> {
                    throw doesNotFit(
                            ToolOptions.SCHEMA,
                            schema,
                            "have their tables in "
                                    + (store.schema().isEmpty()
                                            ? "the schema of their connections"
                                            : "schema " + store.schema()));
                });
        asked(ToolOptions.ORDERING, ORDERING, application)
                .filter(ordering -> !store.ordering().equals(ordering))
                .ifPresent(ordering -> {
                    throw doesNotFit(
                            ToolOptions.ORDERING,
                            ordering,
                            store.ordering().isEmpty()
                                    ? "leave the ordering to the schema"
                                    : "ask for the ordering " + store.ordering());
                });
    }

    /** What was asked for with an option, unless settings of the application say otherwise for it. */
    private Optional<String> asked(String option, Setting setting, Application application) {
        return options.text(option)
                .flatMap(general -> settings.forApplication(application.name()).text(setting));
    }

    private String cure() {
        return (needsRunner ? " Leave it out" : " Give the URL of the database too")
                + ", or let the runner's recorders be made from settings.";
    }

    private ConfigurationException doesNotFit(String option, String value, String recorders) {
        return new ConfigurationException(
                "-D" + option + "=" + value + " does not fit: the runner's recorders " + recorders + "." + cure());
    }

    /**
     * Refuses a URL, be it of an option, a system property or an environment variable, that is of no effect: somebody believes that
     * the goal works on that database. It is of effect if an application has its events there. Databases that cannot be reached are
     * passed by.
     *
     * @throws ConfigurationException if it is of no effect
     */
    void requireUrlTaken() {
        if (settings.text(Settings.PERSISTENCE).isPresent()) {
            return;
        }
        List<String> unfit = new ArrayList<>();
        for (Map.Entry<Migrations, List<Application>> store : stores.entrySet()) {
            for (Application application : store.getValue()) {
                Optional<String> url =
                        settings.forApplication(application.name()).text(URL);
                if (url.isEmpty() || isIn(store.getKey(), url.get())) {
                    return;
                }
                unfit.add(url.get());
            }
        }
        Optional<String> url = unfit.isEmpty() ? settings.text(URL) : Optional.of(unfit.get(0));
        url.ifPresent(asked -> {
            throw new ConfigurationException("The goal was given the URL " + URL.masked(asked)
                    + settings.origins(URL).map(origin -> " (" + origin + ")").orElse("")
                    + ", but the runner " + runner + " "
                    + (stores.isEmpty() ? "keeps its events in no database" : "uses its own data source on " + places())
                    + ". Nothing was done. Leave the URL out (-D" + ToolOptions.URL
                    + "= with no value outweighs the POM and the"
                    + " environment), or let the runner's recorders be made from settings.");
        });
    }

    private String places() {
        return stores.keySet().stream()
                .map(store -> place(store).map(TablesPlace::toString).orElse("a database that cannot be reached"))
                .collect(Collectors.joining(" and "));
    }

    private static boolean isIn(Migrations store, String url) {
        try {
            return store.isIn(url);
        } catch (CannotConnectException e) {
            // Whatever is done there, this is what it fails with.
            return true;
        }
    }

    /** Where a store is; empty if it does not answer, which the work in it says better. */
    static Optional<TablesPlace> place(Migrations store) {
        try {
            return Optional.of(store.place());
        } catch (EventSourcingException e) {
            return Optional.empty();
        }
    }

    /** A line for each database that answers. */
    List<Used> used() {
        List<Used> used = new ArrayList<>();
        stores.forEach((store, applications) -> place(store)
                .ifPresent(place -> used.add(new Used(
                        place, applications.stream().map(Application::name).toList()))));
        return used;
    }

    /**
     * A database that a run works on.
     *
     * @param place where it is
     * @param applications the names of those that have their events there
     */
    record Used(TablesPlace place, List<String> applications) {
        Used {
            applications = List.copyOf(applications);
        }

        /** For people. */
        @Override
        public String toString() {
            return "Database " + place + ": " + String.join(", ", applications);
        }
    }
}
