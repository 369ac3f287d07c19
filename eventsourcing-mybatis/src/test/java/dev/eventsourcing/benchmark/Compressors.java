package dev.eventsourcing.benchmark;

import dev.eventsourcing.persistence.Compressor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** How many states of a size zstd compresses and gives back for each of deflate's. */
final class Compressors {
    private static final List<Integer> SIZES = List.of(350, 2_000, 20_000, 200_000);
    private static final int TURNS = 5;
    private static final long TURN = TimeUnit.MILLISECONDS.toNanos(300);

    private Compressors() {}

    static List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int size : SIZES) {
            byte[] state = state(size);
            long deflate = 0;
            long zstd = 0;
            // The first turn is for the compiler.
            for (int turn = 0; turn <= TURNS; turn++) {
                long some = repeat(Compressor.deflate(), state);
                long others = repeat(Compressor.zstd(), state);
                deflate += turn == 0 ? 0 : some;
                zstd += turn == 0 ? 0 : others;
            }
            lines.add("compressing %,d bytes: zstd %.2f times as fast as deflate; %,d and %,d bytes remain"
                    .formatted(
                            state.length,
                            (double) zstd / deflate,
                            Compressor.zstd().compress(state).length,
                            Compressor.deflate().compress(state).length));
        }
        return lines;
    }

    private static long repeat(Compressor compressor, byte[] state) {
        long start = System.nanoTime();
        long times = 0;
        while (System.nanoTime() - start < TURN) {
            byte[] back = compressor.decompress(compressor.compress(state), 1 << 20);
            if (back.length != state.length) {
                throw new IllegalStateException(compressor + " lost something");
            }
            times++;
        }
        return times;
    }

    /** An order with lines that resemble each other. */
    private static byte[] state(int size) {
        Random random = new Random(size);
        StringBuilder json = new StringBuilder("{\"at\":\"2026-01-01T00:00:00Z\",\"data\":{\"lines\":[");
        while (json.length() < size) {
            json.append("{\"article\":\"")
                    .append(UUID.nameUUIDFromBytes(new byte[] {(byte) random.nextInt(50)}))
                    .append("\",\"quantity\":")
                    .append(random.nextInt(20))
                    .append(",\"note\":\"before noon, please\"},");
        }
        return json.append("{}]}}").toString().getBytes(StandardCharsets.UTF_8);
    }
}
