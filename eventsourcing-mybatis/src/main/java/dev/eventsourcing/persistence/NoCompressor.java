package dev.eventsourcing.persistence;

/** Leaves the data as they are. */
enum NoCompressor implements Compressor {
    INSTANCE;

    static final int ID = 0;

    @Override
    public int id() {
        return ID;
    }

    @Override
    public byte[] compress(byte[] data) {
        return data;
    }

    @Override
    public byte[] decompress(byte[] compressed, int maximumSize) {
        return compressed;
    }

    @Override
    public String toString() {
        return "none";
    }
}
