package dev.eventsourcing.persistence.mybatis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A migration of ours, whose script for each database lies in the jar. The scripts are Flyway's to apply; they are listed here so
 * that they can be told and printed without a database.
 */
record Migration(int version, String description) {
    /** Every migration, oldest first. */
    static final List<Migration> ALL = List.of(
            new Migration(1, "create event tables"),
            new Migration(2, "record ordering"),
            new Migration(3, "create follower tables"),
            new Migration(4, "record lease times"),
            new Migration(5, "mark positions"),
            new Migration(6, "record followed topics"));

    /** The version since which the tables say how their log is ordered. */
    static final int WITH_ORDERING = 2;

    private static final Pattern TABLE = Pattern.compile("(?m)^CREATE TABLE ([a-z_]+)");

    private static final String FOLDER = "migrations/";

    /** The version that this library works with. */
    static int latest() {
        return ALL.get(ALL.size() - 1).version;
    }

    /** The migration of a version as the history has it; empty if this library does not know it. */
    static Optional<Migration> of(String version) {
        return ALL.stream()
                .filter(migration -> version.equals(String.valueOf(migration.version)))
                .findAny();
    }

    /** Where the scripts for a database are, for Flyway. */
    static String location(Database database) {
        return "classpath:" + Migration.class.getPackageName().replace('.', '/') + '/' + FOLDER + database.id();
    }

    /** The name of the script. */
    String file() {
        return "V" + version + "__" + description.replace(' ', '_') + ".sql";
    }

    /** The script. */
    String text(Database database) {
        return resource(FOLDER + database.id() + '/' + file());
    }

    /** The tables that the script makes. */
    List<String> tables(Database database) {
        return TABLE.matcher(text(database))
                .results()
                .map(table -> table.group(1))
                .toList();
    }

    /** What the history has as the checksum of the script: as Flyway computes it, over its lines without their ends. */
    int checksum(Database database) {
        CRC32 checksum = new CRC32();
        text(database).lines().forEach(line -> checksum.update(line.getBytes(StandardCharsets.UTF_8)));
        return (int) checksum.getValue();
    }

    /** A text beside this class. */
    static String resource(String name) {
        try (InputStream in = Migration.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new AssertionError(name + " is missing in the jar of the library");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(name + " cannot be read from the jar of the library", e);
        }
    }

    /** As reports have it. */
    @Override
    public String toString() {
        return "V" + version + " " + description;
    }
}
