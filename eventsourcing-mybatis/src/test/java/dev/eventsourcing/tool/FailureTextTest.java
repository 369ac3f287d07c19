package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureTextTest {
    @Test
    void namesTheInnermostPlaceOfTheProgram() {
        Throwable thrown = Results.at(
                new IllegalStateException("no"),
                "java.util.ArrayList",
                "org.apache.ibatis.binding.MapperProxy",
                "dev.eventsourcing.domain.Aggregate",
                "shop.Orders",
                "shop.Mail",
                "dev.eventsourcing.system.PolicyCall",
                "shop.Main");

        assertThat(new FailureText(thrown).place()).contains("shop.Orders.policy(Orders.java:29)");
    }

    @Test
    void doesNotTakeWhoCalledTheLibraryForThePlace() {
        Throwable thrown =
                Results.at(new IllegalStateException("no"), "dev.eventsourcing.system.FollowerTurns", "shop.Main");

        assertThat(new FailureText(thrown).place()).isEmpty();
    }

    @Test
    void tellsWhatWasBehindItUnlessTheMessageDoes() {
        Throwable thrown = new IllegalStateException("no", new IllegalArgumentException("bad word"));

        assertThat(new FailureText(thrown).cause("failed: no"))
                .contains("java.lang.IllegalArgumentException: bad word");
        assertThat(new FailureText(thrown).cause("failed: no: bad word")).isEmpty();
    }

    @Test
    void comesToAnEndWhereCausesRunInACircle() {
        Exception first = new IllegalStateException("first");
        Exception second = new IllegalStateException("second", first);
        first.initCause(second);

        assertThat(new FailureText(first).cause("first")).contains("java.lang.IllegalStateException: second");
    }
}
