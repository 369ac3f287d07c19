package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;

/** The providers of recorders on the class path. */
final class Providers {
    private Providers() {}

    /**
     * All of them, by name.
     *
     * @throws ConfigurationException if one cannot be made, or two have one name
     */
    static Map<String, RecorderProvider> byName() {
        Map<String, RecorderProvider> providers = new TreeMap<>();
        for (RecorderProvider provider : found()) {
            RecorderProvider namesake = providers.put(provider.name(), provider);
            if (namesake != null) {
                throw new ConfigurationException(namesake.getClass().getName() + " and "
                        + provider.getClass().getName() + " both provide recorders named " + provider.name()
                        + ". Take one off the class path.");
            }
        }
        return providers;
    }

    /** Those that the thread's class loader sees, then those that the library's own sees, where that is another one. */
    private static List<RecorderProvider> found() {
        Set<ClassLoader> loaders = new LinkedHashSet<>();
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        if (ofThread != null) {
            loaders.add(ofThread);
        }
        loaders.add(RecorderProvider.class.getClassLoader());
        Set<Class<?>> types = new LinkedHashSet<>();
        List<RecorderProvider> found = new ArrayList<>();
        try {
            for (ClassLoader loader : loaders) {
                ServiceLoader.load(RecorderProvider.class, loader).stream()
                        .filter(provider -> types.add(provider.type()))
                        .forEach(provider -> found.add(provider.get()));
            }
        } catch (ServiceConfigurationError e) {
            throw new ConfigurationException("A provider of recorders cannot be used: " + e.getMessage(), e);
        }
        return found;
    }
}
