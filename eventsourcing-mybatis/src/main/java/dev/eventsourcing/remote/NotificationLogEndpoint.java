package dev.eventsourcing.remote;

import dev.eventsourcing.application.Application;
import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.application.NotificationSections;
import dev.eventsourcing.application.Section;
import dev.eventsourcing.application.SectionId;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.domain.errors.Thrown;
import dev.eventsourcing.persistence.ApplicationName;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.PersistenceException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests for the logs of applications, in whatever server the program has. For the one of the JDK there is {@link
 * NotificationLogHandler}; in a servlet it takes three lines:
 *
 * <pre>
 * Answer answer = endpoint.answer(request.getMethod(), request.getPathInfo(), request.getQueryString());
 * response.setStatus(answer.status());
 * answer.headers().forEach(response::setHeader);
 * response.getOutputStream().write(answer.body());
 * </pre>
 *
 * and in a Spring controller, mapped to {@code /log/{*path}}, as many:
 *
 * <pre>
 * Answer answer = endpoint.answer(request.getMethod(), path, request.getQueryString());
 * return ResponseEntity.status(answer.status()).headers(headers -&gt; answer.headers().forEach(headers::set))
 *         .body(answer.body());
 * </pre>
 *
 * <p><b>It asks nobody who he is.</b> Whoever reaches it reads everything that the applications have recorded. Mount it behind
 * the authentication that the program has; without one, let the server listen to the loopback address and nothing else.
 *
 * <p>These can be read, with GET, below where it is mounted:
 *
 * <ul>
 *   <li>{@code v1/TrainingSchool/notifications?after=0&upTo=90&limit=500&topic=Dog.TrickAdded}: a page of the log, as {@link
 *       NotificationSelection} has it. All parameters may be left out; {@code topic} may be repeated, or {@code exceptTopic} in
 *       its place. The answer is {@code {"id": "1,90", "nextId": null, "upTo": 90, "marks": [..], "items": [..]}}: the first and the
 *       last id that are there, the section behind if this page is full, {@link NotificationPage#upTo}, {@link NotificationPage#marks}
 *       as {@code "90:0a1b.."}, and for each notification {@code id}, {@code originatorId}, {@code originatorVersion}, {@code topic} and {@code state}.
 *   <li>{@code v1/TrainingSchool/notifications/1,500}: a {@linkplain NotificationSections section} of the log; {@code topic} may
 *       be given. The answer is the same without {@code upTo} and {@code marks}.
 *   <li>{@code v1/TrainingSchool/end}: {@code {"readable": 90, "recorded": 92}}, as {@link dev.eventsourcing.persistence.LogEnd}.
 *   <li>{@code v1/TrainingSchool/open-appends}: who keeps readers from the end, by {@code pid} and {@code ageMillis}.
 * </ul>
 *
 * <p>State is base64 of the bytes that are stored: what is encrypted or compressed stays so, and nothing here could read it. An
 * error is {@code {"error": ".."}} with status 400, 404 or 405; 500 says only where in the program's own log the cause is. Who
 * reads must ignore fields that he does not know: more may come. What changes in another way gets another path than v1.
 *
 * <p>Immutable, and safe for use by several threads.
 */
public final class NotificationLogEndpoint {
    /** How many bytes of state go into one page, unless a single event has more. */
    static final int MAX_STATE_BYTES = 8 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(NotificationLogEndpoint.class);
    static final String VERSION = "v1";
    private static final List<String> RESOURCES = List.of("notifications", "end", "open-appends");
    private static final List<String> OF_A_PAGE =
            List.of(Query.AFTER, Query.UP_TO, Query.LIMIT, Query.TOPIC, Query.EXCEPT_TOPIC);

    private final Map<String, NotificationLog> logs;
    private final int pageSize;

    private NotificationLogEndpoint(Map<String, NotificationLog> logs, int pageSize) {
        this.logs = logs;
        this.pageSize = pageSize;
    }

    /**
     * Gives out the logs of these applications, by their names.
     *
     * @throws ConfigurationException if two have one name
     */
    public static NotificationLogEndpoint of(Application application, Application... more) {
        Map<String, NotificationLog> logs = new LinkedHashMap<>();
        logs.put(application.name(), application.notificationLog());
        Arrays.stream(more).forEach(another -> {
            if (logs.put(another.name(), another.notificationLog()) != null) {
                throw new ConfigurationException("Two applications are named " + another.name()
                        + ". Give out the log of one of them, or each at an endpoint of its own.");
            }
        });
        return of(logs);
    }

    /**
     * Gives out logs by the names of their applications.
     *
     * @throws ConfigurationException if a name is none that an application can have
     */
    public static NotificationLogEndpoint of(Map<String, NotificationLog> logs) {
        logs.keySet().forEach(ApplicationName::requireValid);
        return new NotificationLogEndpoint(Map.copyOf(logs), NotificationSelection.DEFAULT_LIMIT);
    }

    /**
     * The same with pages of another size; without it, {@value NotificationSelection#DEFAULT_LIMIT}. Who asks for more is given
     * that many, and told how far they reach, so that a reader need not know. A page of large events may have fewer.
     *
     * @param notifications how many a page has at most, from 1 to {@value NotificationLog#MAX_LIMIT}
     * @throws ConfigurationException if it is another number
     */
    public NotificationLogEndpoint pageSize(int notifications) {
        if (notifications < 1 || notifications > NotificationLog.MAX_LIMIT) {
            throw new ConfigurationException("A page of " + notifications
                    + " notifications cannot be served. Give a size from 1 to " + NotificationLog.MAX_LIMIT + ".");
        }
        return new NotificationLogEndpoint(logs, notifications);
    }

    /**
     * Answers a request. Throws nothing: what fails is logged, and answered without a word about the cause, which might be
     * anything.
     *
     * @param method as in {@code GET}
     * @param path what follows the place where this is mounted, decoded; the slash at its start is optional, null is empty
     * @param query what follows the question mark, as it was sent; null if there is none
     */
    public Answer answer(String method, @Nullable String path, @Nullable String query) {
        try {
            if (!method.equals("GET")) {
                throw Refused.badMethod("A log can be read, with GET, and not be changed.");
            }
            return Answer.json(200, read(path == null ? "" : path, query));
        } catch (Refused e) {
            return Answer.json(e.status(), LogJson.error(String.valueOf(e.getMessage())));
        } catch (Throwable e) {
            Thrown.restoreInterruption(e);
            UUID occurrence = UUID.randomUUID();
            LOG.error("Giving out {} failed (error {})", path, occurrence, Thrown.readable(e));
            return Answer.json(
                    500,
                    LogJson.error(
                            "The log cannot be given out now. The server's own log says why: error " + occurrence));
        }
    }

    private byte[] read(String path, @Nullable String query) {
        String[] parts = (path.startsWith("/") ? path.substring(1) : path).split("/", -1);
        boolean section = parts.length == 4 && parts[2].equals("notifications");
        if (!parts[0].equals(VERSION) || !section && (parts.length != 3 || !RESOURCES.contains(parts[2]))) {
            throw Refused.notFound("There is nothing at " + Refused.quoted(path) + ". Ask for " + VERSION
                    + "/<application>/ and one of " + RESOURCES + ".");
        }
        NotificationLog log = logs.get(parts[1]);
        if (log == null) {
            throw Refused.notFound("There is no log of an application " + Refused.quoted(parts[1]) + " here.");
        }
        if (section) {
            return section(log, parts[3], Query.of(query, List.of(Query.TOPIC)));
        }
        if (parts[2].equals("notifications")) {
            return page(log, Query.of(query, OF_A_PAGE));
        }
        Query.of(query, List.of());
        return parts[2].equals("end") ? LogJson.end(log.end()) : LogJson.openAppends(log.openAppends());
    }

    private byte[] section(NotificationLog log, String name, Query query) {
        SectionId id;
        try {
            id = SectionId.parse(name);
        } catch (PersistenceException e) {
            throw Refused.badRequest(String.valueOf(e.getMessage()));
        }
        Section section = NotificationSections.of(log)
                .size(pageSize)
                .topics(query.all(Query.TOPIC))
                .section(id);
        List<Notification> some = withinBytes(section.items());
        boolean whole = some.size() == section.items().size();
        return LogJson.section(whole ? section : Section.of(some, some.size()));
    }

    private byte[] page(NotificationLog log, Query query) {
        NotificationSelection selection = selection(log, query);
        NotificationPage page = log.selectPage(selection);
        List<Notification> some = withinBytes(page.notifications());
        boolean whole = some.size() == page.notifications().size();
        long upTo = whole
                ? Math.max(page.upTo(), selection.after())
                : some.get(some.size() - 1).id();
        return LogJson.page(
                Section.of(some, whole ? selection.limit() : some.size()),
                upTo,
                page.marks().stream().filter(mark -> mark.id() <= upTo).toList());
    }

    private NotificationSelection selection(NotificationLog log, Query query) {
        if (!query.all(Query.TOPIC).isEmpty() && !query.all(Query.EXCEPT_TOPIC).isEmpty()) {
            throw Refused.badRequest("Topics are either named or left out. Give topic or exceptTopic.");
        }
        int limit = (int) Math.min(query.number(Query.LIMIT).orElse(pageSize), pageSize);
        long after = query.number(Query.AFTER).orElse(0);
        OptionalLong upTo = query.number(Query.UP_TO);
        return new NotificationSelection(
                after,
                upTo.isPresent() ? upTo.getAsLong() : log.end().readable(),
                query.all(Query.TOPIC),
                query.all(Query.EXCEPT_TOPIC),
                limit,
                true);
    }

    /** The first of these, at least one if there is one, that have no more state than a page may have. */
    private static List<Notification> withinBytes(List<Notification> all) {
        long bytes = 0;
        for (int i = 0; i < all.size(); i++) {
            bytes += all.get(i).event().state().length;
            if (i > 0 && bytes > MAX_STATE_BYTES) {
                return all.subList(0, i);
            }
        }
        return all;
    }

    /**
     * What to send back.
     *
     * @param status the HTTP status
     * @param headers names and values, {@code Content-Type} among them
     * @param body JSON in UTF-8; is not copied
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, Map<String, String> headers, byte[] body) {
        private static Answer json(int status, byte[] body) {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("Content-Type", "application/json");
            headers.put("Cache-Control", "no-store");
            headers.put("X-Content-Type-Options", "nosniff");
            if (status == 405) {
                headers.put("Allow", "GET");
            }
            return new Answer(status, Map.copyOf(headers), body);
        }
    }
}
