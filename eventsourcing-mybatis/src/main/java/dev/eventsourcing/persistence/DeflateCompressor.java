package dev.eventsourcing.persistence;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The JDK's zlib. Its format ends with a checksum, so that damage is noticed. */
enum DeflateCompressor implements Compressor {
    INSTANCE;

    static final int ID = 1;
    private static final int SMALLEST_BUFFER = 256;

    @Override
    public int id() {
        return ID;
    }

    @Override
    public byte[] compress(byte[] data) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(data);
            deflater.finish();
            // What does not fit is no smaller than the data, and of no use.
            byte[] compressed = new byte[data.length];
            int size = deflater.deflate(compressed);
            return deflater.finished() ? Arrays.copyOf(compressed, size) : data;
        } finally {
            deflater.end();
        }
    }

    @Override
    public byte[] decompress(byte[] compressed, int maximumSize) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed);
            byte[] data = inflate(inflater, Math.max(SMALLEST_BUFFER, 4L * compressed.length), maximumSize);
            if (inflater.getRemaining() > 0) {
                throw new IllegalArgumentException("something follows the deflated data");
            }
            return data;
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("it is not what deflate made: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }

    private static byte[] inflate(Inflater inflater, long firstGuess, int maximumSize) throws DataFormatException {
        // One byte more than there may be, or the end of the largest data would not be seen.
        int largestBuffer = maximumSize + 1;
        byte[] data = new byte[(int) Math.min(largestBuffer, firstGuess)];
        int size = 0;
        while (true) {
            size += inflater.inflate(data, size, data.length - size);
            if (size > maximumSize) {
                throw new IllegalArgumentException("it inflates to more than " + maximumSize + " bytes");
            }
            if (inflater.finished()) {
                return Arrays.copyOf(data, size);
            }
            if (size < data.length || inflater.needsDictionary()) {
                throw new IllegalArgumentException("the deflated data are cut off");
            }
            data = Arrays.copyOf(data, (int) Math.min(largestBuffer, 2L * size));
        }
    }

    @Override
    public String toString() {
        return "deflate";
    }
}
