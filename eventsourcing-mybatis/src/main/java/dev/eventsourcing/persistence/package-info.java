/**
 * What is stored, and the ports that store it: recorders in three kinds, each able to do more than the one before, and the
 * transactions that join their work with the user's.
 */
@NullMarked
package dev.eventsourcing.persistence;

import org.jspecify.annotations.NullMarked;
