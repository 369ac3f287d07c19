package dev.eventsourcing.persistence;

import tools.jackson.databind.node.ObjectNode;

/**
 * A step that makes of the data of one version of a type those of the next: {@code (data, event) -> data.put("breed",
 * "unknown")}. It works on the stored JSON, before an object is made of it. Given to {@link StateFormat#upcast}; must be safe for
 * use by several threads, and should depend on nothing but its arguments, as it runs whenever the row is read.
 */
@FunctionalInterface
public interface Upcaster {
    /**
     * Renames, adds, converts or removes fields.
     *
     * @param data the data as a row has them, or as the step before left them; may be changed
     * @param event the row: whose data these are
     * @return the data of the next version, which may be the same object
     */
    ObjectNode upcast(ObjectNode data, StoredEvent event);
}
