package dev.eventsourcing.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventsourcing.testsupport.MissingLibrary;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A program without the optional library, which all have who do not compress with zstd. */
class ZstdMissingTest {
    private final MissingLibrary zstd = new MissingLibrary("zstd-jni");

    @Test
    void choosingItSaysWhatToAdd() throws Exception {
        Throwable refused = zstd.thrownBy(Choosing.class);

        assertThat(refused.getClass().getName()).isEqualTo("dev.eventsourcing.domain.ConfigurationException");
        assertThat(refused).hasMessageContaining("Compressor zstd needs com.github.luben:zstd-jni");
        assertThat(refused).hasMessageContaining("Add it to the program's dependencies at run time, or choose deflate");
    }

    @Test
    void readingARowOfAnotherProgramSaysWhatToAdd() throws Exception {
        Throwable refused = zstd.thrownBy(Reading.class);

        assertThat(refused.getClass().getName()).isEqualTo("dev.eventsourcing.persistence.EventDecodingException");
        assertThat(refused).hasMessageContaining("it is compressed by zstd");
        assertThat(refused).hasMessageContaining("com.github.luben:zstd-jni");
    }

    @Test
    void everythingElseWorks() throws Exception {
        assertThat(zstd.thrownBy(Deflating.class)).isNull();
    }

    static final class Choosing implements Callable<Object> {
        @Override
        public Object call() {
            return StateFormat.json().compressed(Compressor.zstd());
        }
    }

    static final class Reading implements Callable<Object> {
        @Override
        public Object call() {
            return Talk.codec(StateFormat.json())
                    .decode(Talk.stored(HexFormat.of().parseHex("1128b52ffd")));
        }
    }

    static final class Deflating implements Callable<Object> {
        @Override
        public Object call() {
            EventCodec codec = Talk.codec(StateFormat.json()
                    .compressed(Compressor.deflate())
                    .compressed(Compressor.none())
                    .encrypted(Talk.KEYS));
            return codec.decode(codec.encode(Talk.saidOften()));
        }
    }
}
