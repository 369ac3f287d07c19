package dev.eventsourcing.persistence;

import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import java.util.List;

/** Recorders that are not of the library, as a user may provide some. */
public final class Notebook implements RecorderProvider {
    static final Setting PAGES = Setting.open("notebook-pages", "80", "pages of the notebook");

    @Override
    public String name() {
        return "notebook";
    }

    @Override
    public List<Setting> settings() {
        return List.of(PAGES);
    }

    @Override
    public RecorderFactory open(Settings settings) {
        settings.wholeNumber(PAGES, 1, 100);
        return new InMemoryRecorders();
    }
}
