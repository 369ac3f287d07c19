/**
 * Systems of applications: followers process what leaders record, in the leaders' order, each event once.
 *
 * <pre>
 * EventDrivenSystem, Pipe           who follows whom; Instances are applications that a program has made itself
 * Follower, Projection              what a program extends; ProcessingEvent takes what came of an event
 * SingleThreadedRunner,             let followers follow: workers make passes (Pull), a watch for each store
 *   MultiThreadedRunner             sees what others record and keeps leases; RunnerSettings say how
 * SystemHealth, FollowerMetrics     how followers are
 * Parking                           events that were put aside; FailureAction says whether they are
 * FollowerSync                      one synchronisation, as the Maven goal does it
 * </pre>
 */
@NullMarked
package dev.eventsourcing.system;

import org.jspecify.annotations.NullMarked;
