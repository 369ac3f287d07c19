package dev.eventsourcing.persistence.mybatis;

/**
 * How many events of a topic there are.
 *
 * @param topic the topic
 * @param events their number
 */
record TopicCount(String topic, long events) {}
