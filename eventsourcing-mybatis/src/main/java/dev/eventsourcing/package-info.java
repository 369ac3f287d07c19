/**
 * Event sourcing for programs that keep their data in a relational database through MyBatis.
 *
 * <pre>
 * domain                 aggregates and their events; knows nothing else
 * persistence            what is stored, and the ports that store it: recorders, transactions
 *   persistence.memory   recorders in memory; the readable specification
 *   persistence.mybatis  recorders on H2 and PostgreSQL; all SQL is here
 * application            aggregates are saved and read; the notification log
 * remote                 the log of an application for other programs, as JSON over HTTP
 * system                 followers process the logs of leaders; runners; synchronisation
 * micrometer             what followers do, as meters of Micrometer
 * tool                   the entry point behind the Maven goals, for hosts without Maven too
 * </pre>
 *
 * <p>A package depends on those above it only; {@code memory}, {@code mybatis}, {@code remote} and {@code micrometer} are
 * called by users, never by a layer.
 */
@NullMarked
package dev.eventsourcing;

import org.jspecify.annotations.NullMarked;
