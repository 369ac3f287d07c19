package dev.eventsourcing.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 ms",
        "999, 999 ms",
        "1000, 1.0 s",
        "1999, 1.9 s",
        "9999, 9.9 s",
        "10000, 10 s",
        "59999, 59 s",
        "60000, 1 min 0 s",
        "110000, 1 min 50 s",
        "3599999, 59 min 59 s",
        "7500000, 2 h 5 min"
    })
    void showsTimesAsPeopleReadThem(long millis, String shown) {
        assertThat(Amounts.time(Duration.ofMillis(millis))).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0|0 events", "1|1 event", "2|2 events", "120000|120,000 events", "1234567890|1,234,567,890 events"
            })
    void countsWithThousandsApart(long number, String shown) {
        assertThat(Amounts.count(number, "event")).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0.04|0.0/s", "9.96|10.0/s", "10|10/s", "3400.4|3,400/s"})
    void showsRates(double perSecond, String shown) {
        assertThat(Amounts.rate(perSecond)).isEqualTo(shown);
    }
}
