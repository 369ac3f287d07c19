package dev.eventsourcing.domain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Ids made from names, so that an aggregate is found by a natural key without an index: UUID version 5 (SHA-1) as RFC 9562,
 * section 5.5, defines it. One namespace and one name give one id, on every machine and for ever.
 *
 * <p>{@link UUID#nameUUIDFromBytes} is not that: it makes version 3 ids (MD5), with no namespace.
 */
public final class NameBasedIds {
    /** The namespace of fully qualified domain names, by RFC 9562, section 6.6. */
    public static final UUID DNS = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    /** The namespace of URLs and of paths that look like them, by RFC 9562, section 6.6. */
    public static final UUID URL = UUID.fromString("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

    private NameBasedIds() {}

    /** The id of a name in a namespace; the name is taken as UTF-8, letter case and all. */
    public static UUID nameBasedId(UUID namespace, String name) {
        ByteBuffer hash = ByteBuffer.wrap(sha1(
                ByteBuffer.allocate(16)
                        .putLong(namespace.getMostSignificantBits())
                        .putLong(namespace.getLeastSignificantBits())
                        .array(),
                name.getBytes(StandardCharsets.UTF_8)));
        long high = (hash.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x5000L;
        long low = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    private static byte[] sha1(byte[] namespace, byte[] name) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(namespace);
            return digest.digest(name);
        } catch (NoSuchAlgorithmException e) {
            // Every Java platform has SHA-1, by the specification of MessageDigest.
            throw new AssertionError(e);
        }
    }
}
