package training;

import dev.eventsourcing.system.Runner;
import java.util.List;

/** Prints the read model: a plain table of the program's own, kept by {@link TrickBoard}. */
public final class Board {
    private Board() {}

    public static void main(String[] arguments) {
        try (Runner runner = School.runner()) {
            List<TrickCount> counts = runner.get(TrickBoard.class).counts();
            System.out.println("  trick      | dogs");
            System.out.println("  -----------+-----");
            for (TrickCount count : counts) {
                System.out.printf("  %-10s | %4d%n", count.trick(), count.dogs());
            }
            if (counts.isEmpty()) {
                System.out.println("  (no rows)");
            }
        }
    }
}
