package dev.eventsourcing.persistence;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;

/** Zstandard by zstd-jni, which the user's program may have among its dependencies or not. */
enum ZstdCompressor implements Compressor {
    INSTANCE;

    static final int ID = 2;

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
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return context.setChecksum(true).compress(data);
        }
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
        try {
            byte[] data = new byte[(int) size];
            if (Zstd.decompress(data, compressed) != size) {
                throw new IllegalArgumentException("it is not what zstd made, or damaged");
            }
            return data;
        } catch (ZstdException e) {
            throw new IllegalArgumentException("it is not what zstd made, or damaged: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "zstd";
    }
}
