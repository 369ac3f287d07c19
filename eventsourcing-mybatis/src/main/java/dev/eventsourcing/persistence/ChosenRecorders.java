package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.errors.Thrown;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Recorders of the provider that settings choose, which may be another one for each application. */
final class ChosenRecorders implements RecorderFactory {
    private final Choice choice;
    private final Settings settings;
    private final RecorderFactory chosen;

    private ChosenRecorders(Choice choice, Settings settings, RecorderFactory chosen) {
        this.choice = choice;
        this.settings = settings;
        this.chosen = chosen;
    }

    static RecorderFactory by(Settings settings) {
        Choice choice = new Choice(settings);
        return new ChosenRecorders(choice, settings, choice.opened(settings));
    }

    /**
     * The provider that settings choose.
     *
     * @throws ConfigurationException if there is none of that name
     */
    static RecorderProvider provider(Settings settings) {
        return provider(settings, Providers.byName());
    }

    private static RecorderProvider provider(Settings settings, Map<String, RecorderProvider> providers) {
        String name = settings.text(Settings.PERSISTENCE).orElse(Settings.PERSISTENCE.defaultValue());
        RecorderProvider provider = providers.get(name);
        if (provider == null) {
            throw settings.unusable(Settings.PERSISTENCE, "is none of " + String.join(", ", providers.keySet()));
        }
        return provider;
    }

    @Override
    public RecorderFactory forApplication(String applicationName) {
        return of(applicationName);
    }

    private ChosenRecorders of(String applicationName) {
        Settings own = settings.forApplication(applicationName);
        return new ChosenRecorders(choice, own, choice.opened(own).forApplication(applicationName));
    }

    /** The recorders of an application, unless these are an application's already. */
    private RecorderFactory recordersOf(String applicationName) {
        return settings.application().isPresent() ? chosen : of(applicationName).chosen;
    }

    @Override
    public AggregateRecorder snapshotRecorder(String applicationName) {
        return recordersOf(applicationName).snapshotRecorder(applicationName);
    }

    @Override
    public ApplicationRecorder applicationRecorder(String applicationName) {
        return recordersOf(applicationName).applicationRecorder(applicationName);
    }

    @Override
    public ProcessRecorder processRecorder(String applicationName) {
        return recordersOf(applicationName).processRecorder(applicationName);
    }

    @Override
    public SharedStore sharedStore() {
        return chosen.sharedStore();
    }

    @Override
    public ParkedEvents parkedEvents(String applicationName) {
        return recordersOf(applicationName).parkedEvents(applicationName);
    }

    @Override
    public Transactions transactions() {
        return chosen.transactions();
    }

    @Override
    public Optional<Migrations> migrations() {
        return chosen.migrations();
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public void close() {
        choice.close();
    }

    /** The recorders that were opened so far, one for each provider. */
    private static final class Choice {
        private final Settings general;
        private final Map<String, RecorderProvider> providers = Providers.byName();
        private final Map<String, RecorderFactory> opened = new LinkedHashMap<>();
        private boolean closed;

        Choice(Settings general) {
            this.general = general;
        }

        synchronized RecorderFactory opened(Settings settings) {
            if (closed) {
                // What would be opened now, nobody would close.
                throw new ConfigurationException("The recorders are closed. Make new ones to go on.");
            }
            RecorderProvider provider = provider(settings, providers);
            return opened.computeIfAbsent(provider.name(), absent -> provider.open(general));
        }

        synchronized void close() {
            closed = true;
            Throwable thrown = null;
            for (RecorderFactory recorders : opened.values()) {
                try {
                    recorders.close();
                } catch (Throwable e) {
                    if (thrown == null) {
                        thrown = e;
                    } else {
                        Thrown.suppress(thrown, e);
                    }
                }
            }
            opened.clear();
            if (thrown != null) {
                throw Thrown.unchanged(thrown);
            }
        }
    }
}
