package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.domain.ConfigurationException;
import dev.eventsourcing.system.FollowerResult;
import dev.eventsourcing.system.SyncEnd;
import dev.eventsourcing.system.SyncMode;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class SyncJUnitTest {
    private static final Instant BEGUN = Instant.parse("2026-11-23T18:15:08.123456Z");

    @Test
    void makesATestCaseOfEachFollower() throws Exception {
        Element suite = parsed(
                Results.ok("Board"),
                Results.unfinished("Diplomas", SyncEnd.OPEN_APPEND),
                Results.failed("Mail", "no mail", Results.at(new IllegalStateException("no"), "shop.Mail")));

        assertThat(suite.getTagName()).isEqualTo("testsuite");
        assertThat(List.of("name", "tests", "failures", "errors", "skipped", "time", "timestamp"))
                .extracting(suite::getAttribute)
                .containsExactly("eventsourcing.sync-followers", "3", "1", "0", "0", "2.500", "2026-11-23T18:15:08");
        assertThat(cases(suite))
                .extracting(each -> each.getAttribute("classname"))
                .containsOnly("eventsourcing.sync-followers");
        assertThat(cases(suite))
                .extracting(each -> each.getAttribute("name"))
                .containsExactly("Board", "Diplomas", "Mail");
        assertThat(cases(suite))
                .extracting(each -> each.getAttribute("time"))
                .containsExactly("1.500", "1.500", "0.007");
    }

    @Test
    void showsFailuresWithTheirStackAndWhatIsLeftAsOutput() throws Exception {
        Element suite = parsed(
                Results.unfinished("Diplomas", SyncEnd.OPEN_APPEND),
                Results.failed("Mail", "no mail", Results.at(new IllegalStateException("no"), "shop.Mail")));

        Element unfinished = cases(suite).get(0);
        Element failed = cases(suite).get(1);
        Element failure = (Element) failed.getElementsByTagName("failure").item(0);
        assertThat(unfinished.getElementsByTagName("failure").getLength()).isZero();
        assertThat(unfinished.getElementsByTagName("system-out").item(0).getTextContent())
                .contains("UNFINISHED  4 events from School, 1,200 left", "pid 4711", "4 Dog.TrickAdded");
        assertThat(failure.getAttribute("type")).isEqualTo("java.lang.IllegalStateException");
        assertThat(failure.getAttribute("message")).isEqualTo("no mail");
        assertThat(failure.getTextContent())
                .contains("java.lang.IllegalStateException: no", "at shop.Mail.policy(Mail.java:29)");
    }

    @Test
    void escapesWhatXmlCannotHold() throws Exception {
        String nasty = "<a href=\"x\">&amp; ]]> \u0000\u0001\u001b[31m\uFFFE \uD800 \uD83D\uDC15";

        Element suite = parsed(Results.failed("<&\u0002>", nasty, new IllegalStateException(nasty)));

        Element failed = cases(suite).get(0);
        Element failure = (Element) failed.getElementsByTagName("failure").item(0);
        String legal = "<a href=\"x\">&amp; ]]> \uFFFD\uFFFD\uFFFD[31m\uFFFD \uFFFD \uD83D\uDC15";
        assertThat(failed.getAttribute("name")).isEqualTo("<&\uFFFD>");
        assertThat(failure.getAttribute("message")).isEqualTo(legal);
        assertThat(failure.getTextContent()).contains(legal);
    }

    @Test
    void isAnErrorWhereTheRunDidNotComeToTheFollowers() throws Exception {
        SyncVerdict verdict = SyncVerdict.of(new ConfigurationException("Unknown followers: A."));
        Element suite = parsed(new SyncAccount(
                BEGUN,
                SyncMode.PROCESS,
                List.of(),
                List.of(),
                Map.of(),
                Duration.ofMillis(5),
                verdict,
                verdict.code()));

        Element error = (Element) suite.getElementsByTagName("error").item(0);
        assertThat(suite.getAttribute("tests")).isEqualTo("1");
        assertThat(suite.getAttribute("errors")).isEqualTo("1");
        assertThat(error.getAttribute("type")).isEqualTo("usage");
        assertThat(error.getAttribute("message")).isEqualTo("Unknown followers: A.");
    }

    private static List<Element> cases(Element suite) {
        return java.util.stream.IntStream.range(
                        0, suite.getElementsByTagName("testcase").getLength())
                .mapToObj(i -> (Element) suite.getElementsByTagName("testcase").item(i))
                .toList();
    }

    private static Element parsed(FollowerResult... results) throws Exception {
        SyncVerdict verdict = new SyncVerdict(ExitCode.PARTIAL, "no", false);
        return parsed(new SyncAccount(
                BEGUN,
                SyncMode.PROCESS,
                List.of(),
                List.of(results),
                Map.of(),
                Duration.ofMillis(2500),
                verdict,
                verdict.code()));
    }

    private static Element parsed(SyncAccount account) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(SyncJUnit.of(account)))
                .getDocumentElement();
    }
}
