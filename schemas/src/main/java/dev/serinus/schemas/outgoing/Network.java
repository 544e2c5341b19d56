package dev.serinus.schemas.outgoing;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * A range of IP addresses, written as CIDR: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
 */
public final class Network {

    private final byte[] prefix;
    private final int bits;
    private final String written;

    private Network(byte[] prefix, int bits, String written) {
        this.prefix = prefix;
        this.bits = bits;
        this.written = written;
    }

    /** Reads one; throws an IllegalArgumentException that says how one is written. */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        try {
            if (address.isEmpty() || address.contains("%") || !address.matches("[0-9A-Fa-f.:]+")) {
                throw new IllegalArgumentException("no address");
            }
            byte[] prefix = InetAddress.ofLiteral(address).getAddress();
            int most = prefix.length * 8;
            int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > most) {
                throw new IllegalArgumentException("no length");
            }
            return new Network(prefix, bits, text);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no network: write it as 10.0.0.0/8 or fd00::/8");
        }
    }

    /** Reads several, separated by commas or blanks; none in an empty text. */
    public static List<Network> list(String text) {
        return Arrays.stream(text.split("[,\\s]+"))
                .filter(entry -> !entry.isEmpty())
                .map(Network::parse)
                .toList();
    }

    boolean contains(byte[] address) {
        if (address.length != prefix.length) {
            return false;
        }
        int whole = bits / 8;
        if (!Arrays.equals(address, 0, whole, prefix, 0, whole)) {
            return false;
        }
        int rest = bits % 8;
        int mask = 0xff << (8 - rest);
        return rest == 0 || ((address[whole] ^ prefix[whole]) & mask & 0xff) == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network that
                && bits == that.bits
                && Arrays.equals(prefix, that.prefix);
    }

    @Override
    public int hashCode() {
        return 31 * bits + Arrays.hashCode(prefix);
    }

    @Override
    public String toString() {
        return written;
    }
}
