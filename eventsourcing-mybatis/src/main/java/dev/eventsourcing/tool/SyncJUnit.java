package dev.eventsourcing.tool;

import dev.eventsourcing.system.FollowerResult;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The report in the form of JUnit's, which servers for continuous integration show: followers are test cases. */
final class SyncJUnit {
    private static final String SUITE = "eventsourcing.sync-followers";

    private static final int REPLACEMENT = 0xFFFD;

    private final SyncAccount account;
    private final XMLStreamWriter xml;

    private SyncJUnit(SyncAccount account, XMLStreamWriter xml) {
        this.account = account;
        this.xml = xml;
    }

    /** The report, in UTF-8. */
    static byte[] of(SyncAccount account) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            // The JDK's own, whatever else is on the program's class path.
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(bytes, "UTF-8");
            new SyncJUnit(account, xml).write();
            xml.close();
        } catch (XMLStreamException e) {
            throw new AssertionError("In memory nothing can fail", e);
        }
        return bytes.toByteArray();
    }

    private void write() throws XMLStreamException {
        List<FollowerResult> results = account.results();
        boolean broken = results.isEmpty() && account.verdict().code() != ExitCode.FINE;
        long failures =
                results.stream().filter(result -> result.failure().isPresent()).count();
        xml.writeStartDocument("UTF-8", "1.0");
        newLine();
        xml.writeStartElement("testsuite");
        attribute("name", SUITE);
        attribute("tests", Integer.toString(broken ? 1 : results.size()));
        attribute("failures", Long.toString(failures));
        attribute("errors", broken ? "1" : "0");
        attribute("skipped", "0");
        attribute("time", seconds(account.time()));
        attribute(
                "timestamp",
                DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
                        account.begun().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC)));
        newLine();
        if (broken) {
            beginCase("all followers", account.time());
            writeWrong("error", account.verdict().word(), account.verdict().message(), "");
            end();
        }
        for (FollowerResult result : results) {
            write(result);
        }
        end();
        xml.writeEndDocument();
    }

    private void write(FollowerResult result) throws XMLStreamException {
        beginCase(result.follower(), result.time());
        if (result.failure().isPresent()) {
            FollowerResult.Failure failure = result.failure().get();
            FailureText text = new FailureText(failure.cause());
            writeWrong("failure", text.error().getClass().getName(), failure.message(), text.trace());
        }
        xml.writeStartElement("system-out");
        xml.writeCharacters(legal(detailsOf(result)));
        end();
        end();
    }

    /** What else is known of it: counts, the change, what is left and why. */
    private String detailsOf(FollowerResult result) {
        return ResultLines.of(
                        result, "", account.parked().getOrDefault(result.follower(), Map.of()), ResultLines.TOPICS)
                .stream()
                .filter(line -> line.level() != Line.Level.DEBUG)
                .map(Line::text)
                .collect(Collectors.joining("\n"));
    }

    private void beginCase(String name, Duration time) throws XMLStreamException {
        xml.writeStartElement("testcase");
        attribute("classname", SUITE);
        attribute("name", name);
        attribute("time", seconds(time));
        newLine();
    }

    private void writeWrong(String element, String type, String message, String trace) throws XMLStreamException {
        xml.writeStartElement(element);
        attribute("type", type);
        attribute("message", message);
        xml.writeCharacters(legal(trace));
        end();
    }

    private void end() throws XMLStreamException {
        xml.writeEndElement();
        newLine();
    }

    private void attribute(String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, legal(value));
    }

    private void newLine() throws XMLStreamException {
        xml.writeCharacters("\n");
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toMillis() / 1000.0);
    }

    /** The text without secrets, and with a mark in place of what must not stand in XML, however it is escaped. */
    static String legal(String text) {
        StringBuilder legal = new StringBuilder(text.length());
        JdbcUrls.masked(text)
                .codePoints()
                .forEach(point -> legal.appendCodePoint(isLegal(point) ? point : REPLACEMENT));
        return legal.toString();
    }

    private static boolean isLegal(int point) {
        return point == '\t'
                || point == '\n'
                || point == '\r'
                || (point >= 0x20 && point <= 0xD7FF)
                || (point >= 0xE000 && point <= 0xFFFD)
                || point >= 0x10000;
    }
}
