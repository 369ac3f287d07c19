package dev.eventsourcing.remote;

import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.persistence.ApplicationName;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.LogMark;
import dev.eventsourcing.persistence.Notification;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.OpenAppend;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The log of an application of another program, which a {@link NotificationLogEndpoint} gives out. It promises what a log does
 * that is read from its database: filters, order, and that a reader waits for open appends. A follower follows it by the
 * leader's name, and is asked to process from time to time, as nobody tells it when something was recorded:
 *
 * <pre>
 * board.follow("TrainingSchool", RemoteNotificationLog.at(URI.create("http://127.0.0.1:8080/log"), "TrainingSchool"));
 * scheduler.scheduleWithFixedDelay(() -&gt; {
 *     try {
 *         board.pullAndProcess("TrainingSchool");
 *     } catch (EventSourcingException e) {
 *         log.warn("The school is not to be had just now; its log is read on from there later.", e);
 *     }
 * }, 0, 1, TimeUnit.SECONDS);
 * </pre>
 *
 * <p>Reading throws {@link dev.eventsourcing.persistence.CannotConnectException} if the server does not answer, or breaks off in an
 * answer, and {@link RemoteLogException} if it answers otherwise than a log does. Of an answer all or nothing is taken, so
 * the same may be read again. An interrupted thread stops reading and stays interrupted.
 *
 * <p>Making one asks nothing of the server. Immutable, and safe for use by several threads.
 */
public final class RemoteNotificationLog implements NotificationLog {
    private final URI base;
    private final String application;
    private final LogClient client;

    private RemoteNotificationLog(URI base, String application, LogClient.Settings settings) {
        this.base = base;
        this.application = application;
        this.client = new LogClient(settings);
    }

    /**
     * The log of an application.
     *
     * @param base where the endpoint is mounted: http or https, without user, password, query and fragment
     * @throws ConfigurationException if the address or the name cannot be used
     */
    public static RemoteNotificationLog at(URI base, String application) {
        String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
        // The authority is not shown: it may hold a password.
        if (!scheme.equals("http") && !scheme.equals("https") || base.getHost() == null) {
            throw new ConfigurationException("The base URI of the log of " + application
                    + " is no address of a server. Give one as http://127.0.0.1:8080/log.");
        }
        if (base.getRawUserInfo() != null || base.getRawQuery() != null || base.getRawFragment() != null) {
            throw new ConfigurationException("The base URI of the log of " + application + " on " + base.getHost()
                    + " has a user, a query or a fragment, which is not sent, and would slip into logs. Send credentials with"
                    + " headers.");
        }
        return new RemoteNotificationLog(base, ApplicationName.requireValid(application), LogClient.Settings.DEFAULT);
    }

    /**
     * The same, waiting so long for a connection; without it, 5 s. A {@linkplain #client client of one's own} has its own.
     *
     * @throws ConfigurationException if it is not above 0
     */
    public RemoteNotificationLog connectTimeout(Duration timeout) {
        LogClient.Settings now = client.settings();
        return with(new LogClient.Settings(
                requirePositive("connectTimeout", timeout),
                now.requestTimeout(),
                now.headers(),
                now.maxResponseBytes(),
                now.client()));
    }

    /**
     * The same, waiting so long for the whole of an answer, connecting included; without it, 30 s.
     *
     * @throws ConfigurationException if it is not above 0
     */
    public RemoteNotificationLog requestTimeout(Duration timeout) {
        LogClient.Settings now = client.settings();
        return with(new LogClient.Settings(
                now.connectTimeout(),
                requirePositive("requestTimeout", timeout),
                now.headers(),
                now.maxResponseBytes(),
                now.client()));
    }

    /**
     * The same with headers on each request, such as {@code Authorization}; in the place of those that were given before.
     *
     * @param headers is asked before each request, by the thread that reads, so that tokens may change
     */
    public RemoteNotificationLog headers(Supplier<Map<String, String>> headers) {
        LogClient.Settings now = client.settings();
        return with(new LogClient.Settings(
                now.connectTimeout(), now.requestTimeout(), headers, now.maxResponseBytes(), now.client()));
    }

    /**
     * The same, taking answers of at most so many bytes; without it, 64 MB. State is a third longer there than it is stored.
     *
     * @throws ConfigurationException if it is below 1
     */
    public RemoteNotificationLog maxResponseBytes(int bytes) {
        if (bytes < 1) {
            throw new ConfigurationException(
                    "maxResponseBytes of " + bytes + " cannot be used. Give a number above 0.");
        }
        LogClient.Settings now = client.settings();
        return with(
                new LogClient.Settings(now.connectTimeout(), now.requestTimeout(), now.headers(), bytes, now.client()));
    }

    /** The same through a client of one's own, with the proxy, the trusted certificates or the threads that it has. */
    public RemoteNotificationLog client(HttpClient own) {
        LogClient.Settings now = client.settings();
        return with(new LogClient.Settings(
                now.connectTimeout(), now.requestTimeout(), now.headers(), now.maxResponseBytes(), own));
    }

    private RemoteNotificationLog with(LogClient.Settings settings) {
        return new RemoteNotificationLog(base, application, settings);
    }

    private static Duration requirePositive(String name, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new ConfigurationException(name + " of " + timeout + " cannot be used. Give a time above 0.");
        }
        return timeout;
    }

    /**
     * Reads a page of the log, with several requests where the server gives less at a time: who asks for many should not take
     * few for the end.
     */
    @Override
    public NotificationPage selectPage(NotificationSelection selection) {
        NotificationLog.requireLimit(selection);
        List<Notification> notifications = new ArrayList<>();
        NavigableMap<Long, LogMark> marks = new TreeMap<>();
        NotificationSelection rest = selection;
        // The mark of the event in front of the page is asked for even where nothing is behind it.
        boolean asks = selection.marked() || hasMore(rest);
        while (asks && rest.limit() > 0) {
            URI uri = notifications(rest);
            NotificationPage page = LogAnswer.of(uri, client.get(uri)).page(rest);
            notifications.addAll(page.notifications());
            page.marks().forEach(mark -> marks.put(mark.id(), mark));
            if (!wasCut(page)) {
                return new NotificationPage(notifications, page.upTo(), List.copyOf(marks.values()));
            }
            rest = new NotificationSelection(
                    page.upTo(),
                    selection.upTo(),
                    selection.topics(),
                    selection.except(),
                    selection.limit() - notifications.size(),
                    selection.marked());
            asks = hasMore(rest);
        }
        return NotificationPage.of(selection, notifications, List.copyOf(marks.values()));
    }

    private static boolean hasMore(NotificationSelection selection) {
        return selection.upTo() > Math.max(0, selection.after());
    }

    /** A page that reaches no further than its last notification may be all that the server gives at a time. */
    private static boolean wasCut(NotificationPage page) {
        List<Notification> notifications = page.notifications();
        return !notifications.isEmpty()
                && notifications.get(notifications.size() - 1).id() == page.upTo();
    }

    private URI notifications(NotificationSelection selection) {
        StringJoiner query = new StringJoiner("&");
        query.add(Query.AFTER + "=" + Math.max(0, selection.after()));
        if (selection.upTo() != Long.MAX_VALUE) {
            query.add(Query.UP_TO + "=" + selection.upTo());
        }
        query.add(Query.LIMIT + "=" + selection.limit());
        selection.topics().stream().sorted().forEach(topic -> query.add(Query.TOPIC + "=" + encoded(topic)));
        selection.except().stream().sorted().forEach(topic -> query.add(Query.EXCEPT_TOPIC + "=" + encoded(topic)));
        return uri("notifications?" + query);
    }

    @Override
    public OptionalLong maxNotificationId() {
        long readable = end().readable();
        return readable == 0 ? OptionalLong.empty() : OptionalLong.of(readable);
    }

    @Override
    public LogEnd end() {
        URI uri = uri("end");
        return LogAnswer.of(uri, client.get(uri)).end();
    }

    /** The same as on the server; but whose they are is not told. */
    @Override
    public List<OpenAppend> openAppends() {
        URI uri = uri("open-appends");
        return LogAnswer.of(uri, client.get(uri)).openAppends();
    }

    private URI uri(String resource) {
        String prefix = base.toString();
        return URI.create((prefix.endsWith("/") ? prefix : prefix + "/") + NotificationLogEndpoint.VERSION + "/"
                + encoded(application) + "/" + resource);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Names the log; headers are not shown. */
    @Override
    public String toString() {
        return "the log of " + application + " at " + base;
    }
}
