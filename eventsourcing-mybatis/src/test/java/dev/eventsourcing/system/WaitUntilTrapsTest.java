package dev.eventsourcing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.eventsourcing.application.NotificationLog;
import dev.eventsourcing.persistence.CannotConnectException;
import dev.eventsourcing.persistence.LogEnd;
import dev.eventsourcing.persistence.NotificationPage;
import dev.eventsourcing.persistence.NotificationSelection;
import dev.eventsourcing.persistence.Recording;
import dev.eventsourcing.persistence.memory.InMemoryRecorders;
import dev.eventsourcing.persistence.mybatis.MyBatisRecorders;
import dev.eventsourcing.system.Words.Text;
import dev.eventsourcing.testsupport.Concurrently;
import dev.eventsourcing.testsupport.Concurrently.Running;
import dev.eventsourcing.testsupport.PostgresDatabase;
import dev.eventsourcing.testsupport.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Where a position alone would not tell the truth, or cannot be explained. */
class WaitUntilTrapsTest {
    private static List<Recording> say(Words words, String... said) {
        List<Text> texts = new ArrayList<>();
        for (String word : said) {
            Text text = new Text(UUID.randomUUID());
            text.add(word);
            texts.add(text);
        }
        return words.save(texts);
    }

    @Test
    void neverReturnsWhileAnOpenAppendIsBelow() {
        try (TestDatabase database = PostgresDatabase.migrated()) {
            MyBatisRecorders recorders = MyBatisRecorders.over(database.dataSource());
            Words words = new Words(recorders);
            Echo echo = new Echo(recorders);
            echo.follow(words);
            words.say("early");
            echo.pullAndProcess("Words");
            CountDownLatch appended = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            Running<Void> late =
                    Concurrently.start(() -> recorders.transactions().required(() -> {
                        words.say("late");
                        appended.countDown();
                        Concurrently.await(release);
                    }));
            Concurrently.await(appended);
            List<Recording> mine = say(words, "mine");
            echo.catchUp(
                    "Words",
                    new Pull.Terms(BatchSize.DEFAULT, Long.MAX_VALUE, false, Pace.UNHURRIED, PullListener.NOBODY),
                    Duration.ZERO);

            assertThatExceptionOfType(FollowerBehindException.class)
                    .isThrownBy(() -> echo.waitUntil("Words", mine, Duration.ZERO))
                    .withMessageContainingAll("it has come to 1.", "waits for appends that were open before: [pid ");

            release.countDown();
            late.get();
            echo.pullAndProcess("Words");
            echo.waitUntil("Words", mine, Duration.ZERO);
            assertThat(echo.seen).containsExactly("early", "late", "mine");
        }
    }

    @Test
    void saysHowFarTheFollowerIsWhenTheLogCannotTellWhy() {
        Echo echo = Echo.ofWords("Words", new InMemoryRecorders());
        echo.follow("Words", new SilentLog());

        assertThatExceptionOfType(FollowerBehindException.class)
                .isThrownBy(() -> echo.waitUntil("Words", 1, Duration.ZERO))
                .withMessageContainingAll(
                        "it has processed nothing of it yet", "Why is not known", "the server does not answer");
    }

    /** The log of a program that is not there. */
    private static final class SilentLog implements NotificationLog {
        @Override
        public NotificationPage selectPage(NotificationSelection selection) {
            throw new AssertionError("Nobody reads it");
        }

        @Override
        public OptionalLong maxNotificationId() {
            return OptionalLong.of(end().readable());
        }

        @Override
        public LogEnd end() {
            throw new CannotConnectException("the server does not answer", null);
        }
    }
}
