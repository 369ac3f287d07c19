package dev.eventsourcing.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;

/** A program without the optional library, which all have who do not compress with zstd. */
class ZstdMissingTest {
    @Test
    void choosingItSaysWhatToAdd() throws Exception {
        Throwable refused = thrownBy(Choosing.class);

        assertThat(refused.getClass().getName()).isEqualTo("dev.eventsourcing.domain.ConfigurationException");
        assertThat(refused).hasMessageContaining("Compressor zstd needs com.github.luben:zstd-jni");
        assertThat(refused).hasMessageContaining("Add it to the program's dependencies at run time, or choose deflate");
    }

    @Test
    void readingARowOfAnotherProgramSaysWhatToAdd() throws Exception {
        Throwable refused = thrownBy(Reading.class);

        assertThat(refused.getClass().getName()).isEqualTo("dev.eventsourcing.persistence.EventDecodingException");
        assertThat(refused).hasMessageContaining("it is compressed by zstd");
        assertThat(refused).hasMessageContaining("com.github.luben:zstd-jni");
    }

    @Test
    void everythingElseWorks() throws Exception {
        assertThat(thrownBy(Deflating.class)).isNull();
    }

    /** What a piece of a program throws where the library is not on the class path; null if it works. */
    private static Throwable thrownBy(Class<? extends Callable<?>> piece) throws IOException {
        try (URLClassLoader without =
                new URLClassLoader(classPathWithoutZstd(), ClassLoader.getPlatformClassLoader())) {
            return ThrowableAssert.catchThrowable(() -> {
                var made = Class.forName(piece.getName(), true, without).getDeclaredConstructor();
                made.setAccessible(true);
                ((Callable<?>) made.newInstance()).call();
            });
        }
    }

    private static URL[] classPathWithoutZstd() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("zstd-jni"))
                .map(ZstdMissingTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(entry, e);
        }
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
