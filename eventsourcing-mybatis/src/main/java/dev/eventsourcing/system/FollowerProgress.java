package dev.eventsourcing.system;

/**
 * How far a follower has come in the log of a leader, in this synchronisation.
 *
 * @param follower the follower's name
 * @param leader the leader's name
 * @param events how many events it has processed and put aside in this log
 * @param from its position before, an id in the log; 0 if it had none
 * @param reached its position now
 * @param target where it is to come to, as far as is known: where the log ended
 */
public record FollowerProgress(String follower, String leader, long events, long from, long reached, long target) {
    /** How much of the way is done, from 0 to 1, as the ids tell, which have gaps. */
    public double share() {
        return target <= from ? 1 : Math.min(1, (reached - from) / (double) (target - from));
    }
}
