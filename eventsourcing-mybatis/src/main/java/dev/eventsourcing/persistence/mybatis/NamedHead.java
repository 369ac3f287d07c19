package dev.eventsourcing.persistence.mybatis;

/**
 * The highest id that an application has recorded.
 *
 * @param application its name
 * @param id the id; 0 if there is none
 */
record NamedHead(String application, long id) {}
