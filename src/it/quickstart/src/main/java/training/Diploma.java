package training;

import dev.eventsourcing.domain.Aggregate;
import java.util.UUID;

/** What a dog works for: awarded with its third trick. It has the id of its dog. */
public final class Diploma extends Aggregate<Diploma.Event> {
    private static final int TRICKS_NEEDED = 3;

    /** What can happen on the way to a diploma. */
    public sealed interface Event {}

    public record TrickCounted(String trick) implements Event {}

    public record Awarded() implements Event {}

    private int tricks;
    private boolean awarded;

    Diploma(UUID dogId) {
        super(dogId);
    }

    public void count(String trick) {
        trigger(new TrickCounted(trick));
        if (tricks == TRICKS_NEEDED) {
            trigger(new Awarded());
        }
    }

    public boolean awarded() {
        return awarded;
    }

    @Override
    protected void apply(Event event) {
        if (event instanceof TrickCounted) {
            tricks++;
        } else if (event instanceof Awarded) {
            awarded = true;
        } else {
            throw unknown(event);
        }
    }
}
