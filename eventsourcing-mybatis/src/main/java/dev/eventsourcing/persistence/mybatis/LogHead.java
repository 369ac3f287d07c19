package dev.eventsourcing.persistence.mybatis;

/**
 * The highest id of an application that is seen now.
 *
 * @param id the id; 0 if there is none
 * @param generation what the connection leads to; empty if there is no id
 */
record LogHead(long id, String generation) {
    static final LogHead NONE = new LogHead(0, "");
}
