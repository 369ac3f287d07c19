package dev.eventsourcing.system;

import dev.eventsourcing.persistence.ParkedEvent;
import java.util.List;

/**
 * A follower that parks events has stopped instead of parking another one: so many have failed that the cause is probably not the events.
 * The cause is the failure of the event in front of which it has stopped.
 */
public final class ParkingLimitException extends EventProcessingException {
    private static final long serialVersionUID = 1L;

    private final transient List<ParkedEvent> parked;

    ParkingLimitException(EventProcessingException failed, List<ParkedEvent> parked, String why) {
        super(
                failed,
                failed.follower() + " has stopped in front of notification " + failed.notificationId() + " of "
                        + failed.leader()
                        + ", which it would have parked: " + why
                        + ", so the cause is probably not the events. Parked are: "
                        + listed(parked) + ". The last error was: " + failed.getMessage()
                        + " Mend the cause, process what is parked again (parking().retryAll(..)), and let the follower resume, which"
                        + " parks again. The limit is set with parkingLimit(..).");
        this.parked = List.copyOf(parked);
    }

    private static String listed(List<ParkedEvent> parked) {
        StringBuilder list = new StringBuilder();
        for (ParkedEvent event : parked) {
            list.append(list.isEmpty() ? "" : ", ")
                    .append(event.notificationId())
                    .append(" (")
                    .append(event.topic())
                    .append(" of ")
                    .append(event.originatorId())
                    .append(')');
        }
        return list.toString();
    }

    /** The events that were parked before and count, highest notification first. */
    public List<ParkedEvent> parked() {
        return parked;
    }
}
