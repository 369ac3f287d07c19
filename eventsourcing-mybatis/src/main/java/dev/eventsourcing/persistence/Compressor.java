package dev.eventsourcing.persistence;

import dev.eventsourcing.domain.ConfigurationException;

/**
 * Makes the JSON of a state smaller before it is stored, and gives it back. {@link #deflate()} and {@link #zstd()} are
 * supplied; one of your own has an id from {@value #FIRST_OWN_ID} to {@value #LAST_ID}, which is stored in each row and so
 * stands for the same way of compressing for ever. Must be safe for use by several threads.
 */
public interface Compressor {
    /** The lowest id of a compressor that is not supplied. */
    int FIRST_OWN_ID = 3;

    /** The highest id that a row has room for. */
    int LAST_ID = 7;

    /** Names the way of compressing in each row; always the same number. */
    int id();

    /**
     * Makes the data smaller. What comes out larger than the data, or as large, is thrown away, and the data are stored as they
     * are. To be told of data that were changed when they are decompressed, put a checksum in.
     *
     * @param data not empty; must not be changed
     * @return other bytes, from which {@link #decompress} makes the same data
     */
    byte[] compress(byte[] data);

    /**
     * Gives the data back.
     *
     * @param compressed what is stored, which may have been damaged or made to do harm; must not be changed
     * @param maximumSize how large the data can be. Stop there: a few bytes of a hostile row may stand for gigabytes.
     * @return what {@link #compress} was given
     * @throws IllegalArgumentException if {@code compressed} is not what {@link #compress} made, or of more data
     */
    byte[] decompress(byte[] compressed, int maximumSize);

    /** Compresses nothing; to stop compressing what is written from now on. Its id is 0. */
    static Compressor none() {
        return NoCompressor.INSTANCE;
    }

    /** The JDK's zlib at its default level, with its checksum. Its id is 1. */
    static Compressor deflate() {
        return DeflateCompressor.INSTANCE;
    }

    /**
     * Zstandard at its default level, with its checksum: as small as {@link #deflate()} and several times as fast. Its id is 2.
     *
     * @throws ConfigurationException if {@code com.github.luben:zstd-jni} is not among the program's dependencies, or has no binary
     *     for this machine
     */
    static Compressor zstd() {
        try {
            return ZstdCompressor.tried();
        } catch (LinkageError e) {
            throw new ConfigurationException(
                    "Compressor zstd needs com.github.luben:zstd-jni, which is not there or does not run on this machine ("
                            + e + "). Add it to the program's dependencies at run time, or choose deflate.",
                    e);
        }
    }
}
