package dev.eventsourcing.maven;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    @ParameterizedTest
    @CsvSource({
        "eventsourcing.password, EVENTSOURCING_PASSWORD",
        "eventsourcing.TrainingSchool.password, EVENTSOURCING_TRAININGSCHOOL_PASSWORD",
        "eventsourcing.cipher-keys, EVENTSOURCING_CIPHER_KEYS",
        "eventsourcing.Diplomas.cipher-keys, EVENTSOURCING_DIPLOMAS_CIPHER_KEYS"
    })
    void refusesSecretsInTheCommandLineAndSaysWhereToPutThem(String name, String variable) {
        Properties commandLine = new Properties();
        commandLine.setProperty(name, "canary");

        assertThatThrownBy(() -> Secrets.refuse(commandLine, null, List.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("-D" + name)
                .hasMessageContaining("the environment variable " + variable)
                .hasMessageNotContaining("canary");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://host/db?user=x&password=canary",
                "jdbc:h2:./target/x;USER=x;PASSWORD=canary",
                "jdbc:postgresql://user:canary@host/db",
                "jdbc:postgresql://canary@host/db",
                "jdbc:postgresql://host/db?user=x&PASSWORD = canary"
            })
    void refusesUrlsWithAPassword(String url) {
        Properties commandLine = new Properties();
        commandLine.setProperty("eventsourcing.url", url);
        Properties ofAnApplication = new Properties();
        ofAnApplication.setProperty("eventsourcing.TrainingSchool.url", url);

        assertRefuses(commandLine, url, List.of(), "-Deventsourcing.url holds a password");
        assertRefuses(ofAnApplication, null, List.of(), "-Deventsourcing.TrainingSchool.url holds a password");
        assertRefuses(new Properties(), url, List.of(), "eventsourcing.url in the POM holds a password");
        assertRefuses(
                new Properties(),
                null,
                List.of("-Xmx1g", "-Deventsourcing.url=" + url),
                "The JVM argument -Deventsourcing.url holds a password");
    }

    @Test
    void refusesAPasswordAmongTheArgumentsOfTheJvmWhichAProcessListShows() {
        assertRefuses(
                new Properties(),
                null,
                List.of("-Deventsourcing.password=canary"),
                "The JVM argument -Deventsourcing.password");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://host:5432/db?user=x",
                "jdbc:postgresql://one:5432,two:5432/db?passfile=/etc/pass",
                "jdbc:h2:./target/x;USER=x",
                "jdbc:postgresql://[::1]:5432/db"
            })
    void letsUrlsPassThatHoldNone(String url) {
        Properties commandLine = new Properties();
        commandLine.setProperty("eventsourcing.url", url);
        // The program's own is its own.
        commandLine.setProperty("some.token", "canary");

        assertThatCode(() -> Secrets.refuse(commandLine, url, List.of("-Xmx1g", "-Dmine=yes", "-Dflag")))
                .doesNotThrowAnyException();
    }

    private static void assertRefuses(
            Properties commandLine, @Nullable String url, List<String> jvmArguments, String words) {
        assertThatThrownBy(() -> Secrets.refuse(commandLine, url, jvmArguments))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(words)
                .hasMessageNotContaining("canary");
    }
}
