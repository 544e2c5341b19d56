package dev.serinus.schemas.outgoing;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * A host as it stands in a URI, and the address that it spells out, if it does: also in the old
 * spellings that resolvers and proxies still take ({@code 0xa9fea9fe}, {@code 0251.254.43518}).
 */
final class HostText {

    private HostText() {}

    /** In lower case, without brackets, zone and final dot. */
    static String bare(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.startsWith("[") && name.endsWith("]")) {
            name = name.substring(1, name.length() - 1);
            int zone = name.indexOf('%');
            return zone < 0 ? name : name.substring(0, zone);
        }
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** The address that a bare host spells out; null for a name. */
    static @Nullable InetAddress address(String bare) {
        if (bare.indexOf(':') < 0) {
            return ipv4(bare);
        }
        try {
            return InetAddress.ofLiteral(bare);
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }

    private static @Nullable InetAddress ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length > 4) {
            return null;
        }
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            int bytes = last ? 4 - i : 1; // the last part fills what is left
            long part = number(parts[i]);
            if (part < 0 || part >= 1L << (8 * bytes)) {
                return null;
            }
            address = (address << (8 * bytes)) | part;
        }
        try {
            return InetAddress.getByAddress(
                    new byte[] {
                        (byte) (address >> 24),
                        (byte) (address >> 16),
                        (byte) (address >> 8),
                        (byte) address
                    });
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("four bytes are an address", impossible);
        }
    }

    /** Decimal, octal after 0, hexadecimal after 0x; -1 for anything else. */
    private static long number(String spelt) {
        String text = withoutZeros(spelt);
        if (text.length() > 16) {
            return -1;
        }
        if (text.matches("0x[0-9a-f]*")) {
            return text.length() == 2 ? 0 : Long.parseLong(text.substring(2), 16);
        }
        if (text.matches("0[0-7]*")) {
            return Long.parseLong(text, 8);
        }
        return text.matches("[1-9][0-9]*") ? Long.parseLong(text) : -1;
    }

    /** As many zeros as one likes may lead; the one that says octal stays. */
    private static String withoutZeros(String text) {
        return text.replaceFirst("^(0x|0)0+(?=.)", "$1");
    }
}
