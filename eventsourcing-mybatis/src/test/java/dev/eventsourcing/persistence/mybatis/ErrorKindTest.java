package dev.eventsourcing.persistence.mybatis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.FailureKind;
import dev.eventsourcing.persistence.NotMigratedException;
import dev.eventsourcing.persistence.PersistenceException;
import dev.eventsourcing.persistence.mybatis.ErrorKind.Owner;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Arrays;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What SQLSTATEs are about, in the class and in the README. */
class ErrorKindTest {
    @Test
    void theReadmeHasTheTable() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));

        assertThat(readme.lines())
                .containsSubsequence(
                        Arrays.stream(ErrorKind.values()).map(ErrorKind::row).toList());
    }

    private static PersistenceException of(String state, Owner statement) {
        return (PersistenceException) DatabaseErrors.translate("Counting", new SQLException("oops", state), statement);
    }

    @ParameterizedTest
    @ValueSource(strings = {"53100", "53000", "53200", "58000", "58030", "25006", "57P01", "57P03", "90028", "90097"})
    void troubleOfTheServerIsAboutTheMomentWhicheverStatementItWas(String state) {
        for (Owner statement : Owner.values()) {
            assertThat(of(state, statement).failureKind()).isEqualTo(FailureKind.MOMENT);
            assertThat(of(state, statement).isTransient()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"42P01", "42703", "3F000", "42501", "42S02", "42S22", "90079", "90096"})
    void whatIsMissingIsAboutTheMomentIfItIsOurs(String state) {
        assertThat(of(state, Owner.LIBRARY).failureKind()).isEqualTo(FailureKind.MOMENT);
        assertThat(of(state, Owner.USER).failureKind()).isEqualTo(FailureKind.LASTING);
        assertThat(of(state, Owner.USER))
                .isNotInstanceOf(NotMigratedException.class)
                .hasMessageNotContainingAny("migrate", "tables of this library");
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "55P03", "57014", "HYT00"})
    void aStatementInTheWayOfOthersMayPass(String state) {
        for (Owner statement : Owner.values()) {
            assertThat(of(state, statement).failureKind()).isEqualTo(FailureKind.PASSING);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"XX000", "22001", "23514", "54001", "P0001", "25P02", "HY000"})
    void allElseIsAboutTheStatement(String state) {
        for (Owner statement : Owner.values()) {
            assertThat(of(state, statement).failureKind()).isEqualTo(FailureKind.LASTING);
        }
    }

    private static PersistenceException connecting(SQLException error) {
        return (PersistenceException) DatabaseErrors.translate("Connecting", error);
    }

    @Test
    void connectionsThatCouldNotBeMadeSayWhy() {
        assertThat(connecting(new SQLException("refused", "08001", new ConnectException())))
                .isInstanceOf(CannotConnectException.class)
                .hasMessageContaining("was refused");
        assertThat(connecting(new SQLException("The connection attempt failed", "08001", new SocketTimeoutException())))
                .hasMessageContaining("too slow to connect");
        assertThat(connecting(new SQLException("too many connections", "53300")))
                .hasMessageContaining("was refused");
        assertThat(connecting(new SQLException("terminating", "57P01"))).hasMessageContaining("was closed");
        for (SQLException rejected : new SQLException[] {
            new SQLException("password", "28P01"),
            new SQLException("SSL error", "08006", new SSLHandshakeException("no cipher")),
            new SQLException("The server does not support SSL", "08004")
        }) {
            assertThat(connecting(rejected))
                    .isInstanceOf(CannotConnectException.class)
                    .hasMessageContaining("was rejected")
                    .returns(FailureKind.LASTING, PersistenceException::failureKind);
        }
    }

    @Test
    void aPoolThatHasNoConnectionIsNotToldToBeTooSmall() {
        PersistenceException none = connecting(new SQLTransientConnectionException(
                "Connection is not available, request timed out after 300ms (total=0, active=0, idle=0, waiting=1)"));
        PersistenceException inUse = connecting(new SQLTransientConnectionException(
                "Connection is not available, request timed out after 300ms (total=2, active=2, idle=0, waiting=5)"));

        assertThat(none)
                .isInstanceOf(CannotConnectException.class)
                .hasMessageContaining("too slow to connect")
                .hasMessageNotContaining("raise its size");
        assertThat(inUse).hasMessageContainingAll("In use: 2, waiting: 5.", "raise its size");
        assertThat(inUse.failureKind()).isEqualTo(FailureKind.MOMENT);
    }

    /** The pool wraps the driver's error. */
    @Test
    void aPoolTellsTheDriversCause() {
        SQLException driver = new SQLException("The connection attempt failed.", "08001", new SocketTimeoutException());

        assertThat(connecting(new SQLTransientConnectionException(
                        "Connection is not available (total=0, active=0, idle=0, waiting=0)", "08001", driver)))
                .hasMessageContainingAll("The connection attempt failed", "too slow to connect");
    }
}
