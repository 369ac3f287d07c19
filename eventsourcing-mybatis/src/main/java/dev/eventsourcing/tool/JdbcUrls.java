package dev.eventsourcing.tool;

import dev.eventsourcing.persistence.Setting;
import java.util.regex.Pattern;

/** Takes secrets out of the URLs that stand in a text: drivers, pools and programs quote them in what they throw. */
final class JdbcUrls {
    private static final Pattern IN_TEXT = Pattern.compile("(?i)jdbc:[^\\s\"'<>]+");
    private static final Setting URL = Setting.open("url", "", "a URL");

    private JdbcUrls() {}

    /** The text, with users, passwords and other secrets of URLs masked. */
    static String masked(String text) {
        return IN_TEXT.matcher(text)
                .replaceAll(url -> URL.masked(url.group()).replace("\\", "\\\\").replace("$", "\\$"));
    }
}
