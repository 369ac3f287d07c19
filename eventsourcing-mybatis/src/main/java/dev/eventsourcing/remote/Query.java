package dev.eventsourcing.remote;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request. A parameter that is not known is refused rather than ignored: it may be a filter that a newer client
 * relies on.
 */
final class Query {
    static final String AFTER = "after";
    static final String UP_TO = "upTo";
    static final String LIMIT = "limit";
    static final String TOPIC = "topic";
    static final String EXCEPT_TOPIC = "exceptTopic";

    /** The longest query that is read, in characters. */
    private static final int LONGEST = 32_768;

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private Query() {}

    /**
     * Reads a query.
     *
     * @param raw as it was sent, percent-encoded; null if there is none
     * @param known the parameters that may be given
     * @throws Refused if it is too long, malformed, or has another parameter
     */
    static Query of(@Nullable String raw, List<String> known) {
        Query query = new Query();
        if (raw == null || raw.isEmpty()) {
            return query;
        }
        if (raw.length() > LONGEST) {
            throw Refused.badRequest("The query has " + raw.length() + " characters; at most " + LONGEST
                    + " are read. Name fewer topics.");
        }
        for (String parameter : raw.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
            if (equals < 0 || !known.contains(name)) {
                throw Refused.badRequest("The query has " + Refused.quoted(parameter) + ". "
                        + (known.isEmpty()
                                ? "It may have no parameters here."
                                : "Parameters, each with =, are: " + known));
            }
            query.values
                    .computeIfAbsent(name, first -> new ArrayList<>())
                    .add(decoded(parameter.substring(equals + 1)));
        }
        return query;
    }

    private static String decoded(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refused.badRequest(
                    "The query has " + Refused.quoted(encoded) + ", which is not percent-encoded UTF-8.");
        }
    }

    /**
     * A parameter that is a number; empty if it is not given.
     *
     * @throws Refused if it is given twice, or is no number from 0
     */
    OptionalLong number(String name) {
        List<String> given = values.getOrDefault(name, List.of());
        if (given.size() > 1) {
            throw Refused.badRequest("The query has " + name + " " + given.size() + " times. Give it once.");
        }
        if (given.isEmpty()) {
            return OptionalLong.empty();
        }
        String text = given.get(0);
        if (!text.matches("[0-9]{1,19}")) {
            throw notANumber(name, text);
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw notANumber(name, text);
        }
    }

    private static Refused notANumber(String name, String text) {
        return Refused.badRequest("The query has " + name + "=" + Refused.quoted(text) + ". Give a number from 0 to "
                + Long.MAX_VALUE + ".");
    }

    /** The values of a parameter that may be given several times. */
    Set<String> all(String name) {
        return Set.copyOf(values.getOrDefault(name, List.of()));
    }
}
