package dev.serinus.schemas.outgoing;

import org.jspecify.annotations.Nullable;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Keeps outgoing calls from link-local addresses and from the places where clouds hand out
 * credentials: whoever may write a manifest must not thereby get the node's identity. Loopback and
 * private networks are allowed, since that is where webhooks live.
 *
 * <p>A name is judged by all the addresses it has at this moment. The call resolves it again, from
 * the JVM's cache, which is longer-lived than the time between the two.
 */
public record AddressGuard(boolean allowLinkLocal) {

    /** Why a call is not made. */
    static final String REFUSED = "link-local and metadata addresses are refused";

    private static final Set<String> METADATA_NAMES =
            Set.of(
                    "metadata",
                    "metadata.google.internal",
                    "metadata.goog",
                    "instance-data",
                    "instance-data.ec2.internal",
                    "metadata.platformequinix.com",
                    "metadata.packet.net");

    /** Metadata services outside the link-local ranges: AWS over IPv6, Alibaba, Oracle Classic. */
    private static final List<String> METADATA_ADDRESSES =
            List.of("fd00:ec2:0:0:0:0:0:254", "100.100.100.200", "192.0.0.192");

    /** Resolves names; the JVM's resolver outside of tests. */
    @FunctionalInterface
    interface Names {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    /** Why no call may go to this address, or null when it may. */
    public @Nullable String refusal(URI target, Proxies proxies) {
        // Behind a proxy the name is the proxy's to resolve; here it may not even exist.
        boolean proxied = proxies.proxyFor(target) != null;
        return refusal(
                target.getHost(),
                host ->
                        proxied && !literal(host)
                                ? new InetAddress[0]
                                : InetAddress.getAllByName(host));
    }

    private static boolean literal(String host) {
        return host.contains(":") || host.matches("[0-9a-fx.]+");
    }

    /** Why no call may go to this host, or null when it may. */
    @Nullable String refusal(String host, Names names) {
        if (allowLinkLocal) {
            return null;
        }
        String name = bare(host);
        if (METADATA_NAMES.contains(name)) {
            return REFUSED;
        }
        try {
            for (InetAddress address : names.of(name)) {
                if (refuses(address)) {
                    return REFUSED;
                }
            }
        } catch (UnknownHostException unknown) {
            return null; // the call itself will say so
        }
        return null;
    }

    private static String bare(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.startsWith("[") && name.endsWith("]")) {
            name = name.substring(1, name.length() - 1);
        }
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static boolean refuses(InetAddress address) {
        InetAddress meant = embedded(address);
        return meant.isLinkLocalAddress()
                || METADATA_ADDRESSES.contains(meant.getHostAddress().replaceFirst("%.*", ""));
    }

    /** The IPv4 address inside an IPv6 one of the well-known NAT64 prefix 64:ff9b::/96. */
    private static InetAddress embedded(InetAddress address) {
        byte[] raw = address.getAddress();
        if (address instanceof Inet6Address
                && raw[0] == 0
                && raw[1] == 0x64
                && raw[2] == (byte) 0xff
                && raw[3] == (byte) 0x9b) {
            try {
                return InetAddress.getByAddress(new byte[] {raw[12], raw[13], raw[14], raw[15]});
            } catch (UnknownHostException impossible) {
                throw new IllegalStateException("four bytes are an address", impossible);
            }
        }
        return address;
    }
}
