package dev.eventsourcing.persistence.mybatis;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file of an H2 database, which the first connection makes: who only asks looks for it before. */
final class H2File {
    /** A file, with or without a word that says so; other words of two letters or more are other places, one is a drive. */
    private static final Pattern IN_FILE = Pattern.compile("(?i)^jdbc:h2:(?:file:)?((?![a-z]{2,}:)[^;]+)(;.*)?$");

    private static final Logger LOG = LoggerFactory.getLogger(H2File.class);

    private H2File() {}

    /** Warns where H2 writes a commit to the file only some time after it was acknowledged: a process that is killed loses it. */
    static void warnOfLateWrites(Unit unit) {
        if (unit.database() == Database.H2) {
            for (Integer delay : unit.<Integer>list("selectWriteDelay", Map.of())) {
                LOG.warn(
                        "H2 writes what was committed to its file up to {} ms later. Events that were saved in that time, and the"
                                + " positions of followers, are lost if the process is killed. Add ;WRITE_DELAY=0 to the URL.",
                        delay);
            }
        }
    }

    /** The URL of a pool whose database would be made by a connection to it; empty if it is there, or it cannot be told. */
    static Optional<String> missing(DataSource dataSource) {
        return url(dataSource).filter(H2File::isMissing);
    }

    /** The URL of a pool; empty if it cannot be told without a connection. */
    static Optional<String> url(DataSource dataSource) {
        return dataSource instanceof HikariDataSource pool ? Optional.ofNullable(pool.getJdbcUrl()) : Optional.empty();
    }

    static boolean isMissing(String url) {
        Matcher file = IN_FILE.matcher(url);
        // Where it must be there, the driver says that it is not.
        if (!file.matches() || url.toUpperCase(Locale.ROOT).contains(";IFEXISTS=TRUE")) {
            return false;
        }
        String path = file.group(1);
        String absolute = path.startsWith("~") ? System.getProperty("user.home") + path.substring(1) : path;
        try {
            return Files.notExists(Path.of(absolute + ".mv.db"));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
