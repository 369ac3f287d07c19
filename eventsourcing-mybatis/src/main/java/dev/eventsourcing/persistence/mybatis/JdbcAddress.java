package dev.eventsourcing.persistence.mybatis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which database a JDBC URL names: two URLs may be written in different ways, with other parameters, and name one. In doubt they do,
 * as where a parameter or a file that only the driver reads says which.
 */
final class JdbcAddress {
    /** Drivers that wrap another have its name further behind. */
    private static final Pattern POSTGRESQL = Pattern.compile("(?i)jdbc:(?:\\S+:)?postgresql:([^?]*).*");

    private static final Pattern H2 = Pattern.compile("(?i)jdbc:(?:[^\\s;/]+:)?h2:([^;?]*).*");
    private static final Pattern H2_SERVER = Pattern.compile("(?i)(?:tcp|ssl)://([^/]*)/(.*)");
    private static final Pattern HOSTS = Pattern.compile("//([^/]*)(?:/(.*))?");
    private static final Pattern SAID_ELSEWHERE = Pattern.compile("(?i)[?&](?:service|PGHOST|PGPORT|PGDBNAME)=");
    private static final String POSTGRESQL_PORT = "5432";
    private static final String H2_PORT = "9092";

    private JdbcAddress() {}

    /** Whether two URLs name one database, as far as they tell. May ask the name service for hosts that are written differently. */
    static boolean same(String one, String other) {
        Matcher postgresql = POSTGRESQL.matcher(one);
        Matcher otherPostgresql = POSTGRESQL.matcher(other);
        if (postgresql.matches() && otherPostgresql.matches()) {
            return SAID_ELSEWHERE.matcher(one).find()
                    || SAID_ELSEWHERE.matcher(other).find()
                    || samePostgresql(postgresql.group(1), otherPostgresql.group(1));
        }
        Matcher h2 = H2.matcher(one);
        Matcher otherH2 = H2.matcher(other);
        if (h2.matches() && otherH2.matches()) {
            return sameH2(h2.group(1), otherH2.group(1));
        }
        return Database.address(one).equalsIgnoreCase(Database.address(other));
    }

    private static boolean samePostgresql(String one, String other) {
        String name = name(one);
        String otherName = name(other);
        // Without a name, it is the user's.
        return (name.isEmpty() || otherName.isEmpty() || name.equals(otherName))
                && sameServer(servers(one), servers(other), POSTGRESQL_PORT);
    }

    private static String name(String address) {
        Matcher hosts = HOSTS.matcher(address);
        String name = hosts.matches() ? hosts.group(2) : address;
        try {
            return name == null ? "" : URLDecoder.decode(name.replaceFirst("^/", ""), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    /** Hosts, each with its port if that is said. */
    private static List<String> servers(String address) {
        Matcher hosts = HOSTS.matcher(address);
        return hosts.matches() && !hosts.group(1).isEmpty()
                ? List.of(hosts.group(1).split(","))
                : List.of("localhost");
    }

    private static boolean sameServer(List<String> some, List<String> others, String port) {
        return some.stream()
                .anyMatch(one -> others.stream()
                        .anyMatch(other ->
                                port(one, port).equals(port(other, port)) && sameHost(host(one), host(other))));
    }

    private static String host(String server) {
        return server.startsWith("[")
                ? server.replaceFirst("^\\[(.*)\\].*", "$1")
                : server.replaceFirst(":[0-9]*$", "");
    }

    private static String port(String server, String otherwise) {
        String port = server.startsWith("[")
                ? server.replaceFirst("^\\[.*\\]:?", "")
                : server.substring(host(server).length()).replace(":", "");
        return port.isEmpty() ? otherwise : port;
    }

    private static boolean sameHost(String one, String other) {
        if (one.equalsIgnoreCase(other)) {
            return true;
        }
        Set<InetAddress> addresses = addresses(one);
        Set<InetAddress> others = addresses(other);
        boolean bothHere = addresses.stream().anyMatch(InetAddress::isLoopbackAddress)
                && others.stream().anyMatch(InetAddress::isLoopbackAddress);
        addresses.retainAll(others);
        return bothHere || !addresses.isEmpty();
    }

    private static Set<InetAddress> addresses(String host) {
        try {
            return new HashSet<>(Arrays.asList(InetAddress.getAllByName(host)));
        } catch (UnknownHostException e) {
            return new HashSet<>();
        }
    }

    private static boolean sameH2(String one, String other) {
        Matcher server = H2_SERVER.matcher(one);
        Matcher otherServer = H2_SERVER.matcher(other);
        if (server.matches() && otherServer.matches()) {
            return server.group(2).equals(otherServer.group(2))
                    && sameServer(List.of(server.group(1)), List.of(otherServer.group(1)), H2_PORT);
        }
        if (Stream.of(one, other).anyMatch(JdbcAddress::isNoPlainFile)) {
            return one.equalsIgnoreCase(other);
        }
        try {
            Path file = file(one);
            Path otherFile = file(other);
            return file.equals(otherFile)
                    || Files.exists(file) && Files.exists(otherFile) && Files.isSameFile(file, otherFile);
        } catch (IOException | InvalidPathException e) {
            return one.equals(other);
        }
    }

    private static boolean isNoPlainFile(String address) {
        return Pattern.compile("[a-z]{2,}:.*")
                        .matcher(address.toLowerCase(Locale.ROOT))
                        .matches()
                && !address.toLowerCase(Locale.ROOT).startsWith("file:");
    }

    private static Path file(String address) {
        String path = address.replaceFirst("(?i)^file:", "");
        return Path.of((path.startsWith("~") ? System.getProperty("user.home") + path.substring(1) : path) + ".mv.db")
                .toAbsolutePath()
                .normalize();
    }
}
