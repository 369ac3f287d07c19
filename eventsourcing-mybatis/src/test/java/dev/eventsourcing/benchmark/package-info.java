/**
 * What the library costs beside plain JDBC that does the same work, on the same server, in the same run: {@code mvn
 * -Pbenchmark verify}. It lies among the tests, so that each build compiles it.
 *
 * <p>JMH is not used: it runs one program after the other, each in a process of its own, so that a slow minute of the disk
 * falls on one of them alone; and it is made for nanoseconds of CPU, while this is about round trips and flushes. Here both
 * programs take turns of half a second, and what counts is the median of the ratios of neighbours.
 */
package dev.eventsourcing.benchmark;
