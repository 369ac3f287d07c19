package dev.eventsourcing.persistence;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Zstandard by zstd-jni, which the user's program may have among its dependencies or not. */
enum ZstdCompressor implements Compressor {
    INSTANCE;

    static final int ID = 2;

    private static final int KEPT = 16;

    /** Making a context costs more than compressing a small state, so some are kept. */
    private final BlockingQueue<ZstdCompressCtx> compressing = new ArrayBlockingQueue<>(KEPT);

    private final BlockingQueue<ZstdDecompressCtx> decompressing = new ArrayBlockingQueue<>(KEPT);

    /**
     * Gives the compressor, once the library behind it has done something.
     *
     * @throws LinkageError if it is not there, from this method or from the loading of this class; or if it has no binary for this
     *     machine
     */
    static Compressor tried() {
        Zstd.maxCompressionLevel();
        return INSTANCE;
    }

    @Override
    public int id() {
        return ID;
    }

    @Override
    public byte[] compress(byte[] data) {
        ZstdCompressCtx kept = compressing.poll();
        ZstdCompressCtx context = kept == null ? new ZstdCompressCtx().setChecksum(true) : kept;
        byte[] compressed = context.compress(data);
        giveBack(context, compressing);
        return compressed;
    }

    @Override
    public byte[] decompress(byte[] compressed, int maximumSize) {
        long size = Zstd.getFrameContentSize(compressed);
        if (size > maximumSize) {
            throw new IllegalArgumentException(
                    "it says that it decompresses to " + size + " bytes, more than " + maximumSize);
        }
        if (size < 0) {
            throw new IllegalArgumentException("it is not what zstd made");
        }
        ZstdDecompressCtx kept = decompressing.poll();
        ZstdDecompressCtx context = kept == null ? new ZstdDecompressCtx() : kept;
        try {
            byte[] data = new byte[(int) size];
            if (context.decompress(data, compressed) != size) {
                throw new IllegalArgumentException("it is not what zstd made, or damaged");
            }
            return data;
        } catch (ZstdException e) {
            throw new IllegalArgumentException("it is not what zstd made, or damaged: " + e.getMessage(), e);
        } finally {
            // A context begins anew with each frame, whatever became of the last one.
            giveBack(context, decompressing);
        }
    }

    private static void giveBack(ZstdCompressCtx context, BlockingQueue<ZstdCompressCtx> kept) {
        if (!kept.offer(context)) {
            context.close();
        }
    }

    private static void giveBack(ZstdDecompressCtx context, BlockingQueue<ZstdDecompressCtx> kept) {
        if (!kept.offer(context)) {
            context.close();
        }
    }

    @Override
    public String toString() {
        return "zstd";
    }
}
