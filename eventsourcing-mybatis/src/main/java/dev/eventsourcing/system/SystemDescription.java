package dev.eventsourcing.system;

import dev.eventsourcing.application.Application;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A system as people see it: as lines of text, and as a diagram. Of two equal systems, the same to the letter. */
final class SystemDescription {
    private final EventDrivenSystem system;
    private final List<Class<? extends Application>> applications;
    private final Map<Class<?>, String> names = new HashMap<>();

    SystemDescription(EventDrivenSystem system) {
        this.system = system;
        this.applications = system.applications();
        for (Class<?> type : applications) {
            names.put(type, isOnlyOneOfItsName(type) ? type.getSimpleName() : fullName(type));
        }
    }

    private boolean isOnlyOneOfItsName(Class<?> type) {
        String name = type.getSimpleName();
        return !name.isEmpty()
                && applications.stream()
                                .filter(other -> other.getSimpleName().equals(name))
                                .count()
                        == 1;
    }

    private static String fullName(Class<?> type) {
        String readable = type.getCanonicalName();
        return readable == null ? type.getName() : readable;
    }

    /** A line for each application. */
    String text() {
        int width = names.values().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (Class<? extends Application> type : applications) {
            String line = padded(nameOf(type), width) + "  " + padded(Role.of(type, system).word, Role.WIDTH) + "  "
                    + neighbours(type);
            text.append(line.stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private String neighbours(Class<? extends Application> type) {
        String follows = listed("follows ", system.leadersOf(type));
        String followed = listed("followed by ", system.followersOf(type));
        return follows.isEmpty() || followed.isEmpty() ? follows + followed : follows + "; " + followed;
    }

    private String listed(String before, List<? extends Class<? extends Application>> types) {
        return types.isEmpty()
                ? ""
                : before + String.join(", ", types.stream().map(this::nameOf).toList());
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    /** The flowchart: ids count the applications, as no name is safe to be one. */
    String mermaid() {
        StringBuilder chart = new StringBuilder("flowchart LR\n");
        for (Class<? extends Application> type : applications) {
            Role role = Role.of(type, system);
            chart.append("    ").append(idOf(type)).append(role.opening).append('"');
            chart.append(escaped(nameOf(type)));
            chart.append('"').append(role.closing).append('\n');
        }
        for (EventDrivenSystem.Edge edge : system.edges()) {
            chart.append("    ").append(idOf(edge.leader())).append(" --> ");
            chart.append(idOf(edge.follower())).append('\n');
        }
        return chart.toString();
    }

    private String nameOf(Class<?> type) {
        return names.getOrDefault(type, type.getName());
    }

    private String idOf(Class<? extends Application> type) {
        return "application" + (applications.indexOf(type) + 1);
    }

    /** All but letters, digits, dots and underscores as a numeric entity: Kotlin, for one, lets a name have quotes in it. */
    static String escaped(String name) {
        StringBuilder escaped = new StringBuilder();
        name.codePoints().forEach(character -> {
            if (Character.isLetterOrDigit(character) || character == '.' || character == '_') {
                escaped.appendCodePoint(character);
            } else {
                escaped.append('#').append(character).append(';');
            }
        });
        return escaped.toString();
    }

    /** What an application is to the others, and the shape that says so. */
    private enum Role {
        LEADER("leader", "[", "]"),
        PROCESSOR("processor", "[[", "]]"),
        FOLLOWER("follower", "([", "])"),
        SINGLE("single", "{{", "}}");

        static final int WIDTH = PROCESSOR.word.length();

        final String word;
        final String opening;
        final String closing;

        Role(String word, String opening, String closing) {
            this.word = word;
            this.opening = opening;
            this.closing = closing;
        }

        static Role of(Class<? extends Application> type, EventDrivenSystem system) {
            boolean leads = !system.followersOf(type).isEmpty();
            boolean follows = !system.leadersOf(type).isEmpty();
            if (leads) {
                return follows ? PROCESSOR : LEADER;
            }
            return follows ? FOLLOWER : SINGLE;
        }
    }
}
