package dev.serinus.schemas.outgoing;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Keeps outgoing calls from link-local addresses and from the places where clouds hand out
 * credentials: whoever may write a manifest must not thereby get the node's identity. Loopback and
 * private networks are allowed, since that is where webhooks live, unless the operator denies them.
 * An IPv4 address inside an IPv6 one is judged like itself.
 *
 * @param allowLinkLocal let calls go to link-local and metadata addresses
 * @param denied networks that no call may go to, whatever else is allowed
 */
public record AddressGuard(boolean allowLinkLocal, List<Network> denied) {

    /** Why a call is not made. */
    static final String REFUSED = "link-local and metadata addresses are refused";

    static final String DENIED =
            "the address lies in a network that this installation denies (deny-networks)";

    private static final Set<String> METADATA_NAMES =
            Set.of(
                    "metadata",
                    "metadata.google.internal",
                    "metadata.goog",
                    "instance-data",
                    "instance-data.ec2.internal",
                    "metadata.platformequinix.com",
                    "metadata.packet.net");

    /** Link-local ranges, and the metadata services outside of them. */
    private static final List<Network> REFUSED_NETWORKS =
            Stream.of(
                            "169.254.0.0/16",
                            "fe80::/10",
                            "168.63.129.16", // Azure
                            "100.100.100.200", // Alibaba
                            "192.0.0.192", // Oracle Classic
                            "fd00:ec2::/32", // AWS
                            "fd20:ce::254", // Google
                            "fd00:c1::a9fe:a9fe", // Oracle
                            "fd00:42::42") // Scaleway
                    .map(Network::parse)
                    .toList();

    private static final List<byte[]> LOOPBACK =
            Stream.of("127.0.0.1", "::1")
                    .map(it -> InetAddress.ofLiteral(it).getAddress())
                    .toList();

    private static final Network COMPATIBLE = Network.parse("::/96");
    private static final Network TRANSLATED = Network.parse("::ffff:0:0:0/96");
    private static final Network NAT64 = Network.parse("64:ff9b::/96");
    private static final Network LOCAL_NAT64 = Network.parse("64:ff9b:1::/48");
    private static final Network SIX_TO_FOUR = Network.parse("2002::/16");
    private static final Network TEREDO = Network.parse("2001::/32");

    public AddressGuard {
        denied = List.copyOf(denied);
    }

    /** Denies nothing beside what everybody is kept from. */
    public AddressGuard(boolean allowLinkLocal) {
        this(allowLinkLocal, List.of());
    }

    /**
     * As {@code SERINUS_ALLOW_LINK_LOCAL} and {@code SERINUS_DENY_NETWORKS} say; throws an
     * IllegalArgumentException that names the variable which cannot be read.
     */
    public static AddressGuard of(Map<String, String> environment) {
        List<Network> denied;
        try {
            denied = Network.list(environment.getOrDefault("SERINUS_DENY_NETWORKS", ""));
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException("SERINUS_DENY_NETWORKS: " + unreadable.getMessage());
        }
        String allowed = environment.getOrDefault("SERINUS_ALLOW_LINK_LOCAL", "").strip();
        boolean allows = allowed.equalsIgnoreCase("true");
        if (!allows && !allowed.isEmpty() && !allowed.equalsIgnoreCase("false")) {
            throw new IllegalArgumentException(
                    "SERINUS_ALLOW_LINK_LOCAL must be true or false; found '" + allowed + "'");
        }
        return new AddressGuard(allows, denied);
    }

    /** Why no call may go to a host of this name, or of the address it spells out; else null. */
    @Nullable String refusal(String host) {
        String name = HostText.bare(host);
        if (!allowLinkLocal && METADATA_NAMES.contains(name)) {
            return REFUSED;
        }
        InetAddress spelt = HostText.address(name);
        return spelt == null ? null : refusal(spelt);
    }

    /** Why no call may go to this address, or null when it may. */
    @Nullable String refusal(InetAddress address) {
        for (byte[] meant : meanings(address.getAddress())) {
            if (denied.stream().anyMatch(network -> network.contains(meant))) {
                return DENIED;
            }
            if (!allowLinkLocal
                    && REFUSED_NETWORKS.stream().anyMatch(network -> network.contains(meant))) {
                return REFUSED;
            }
        }
        return null;
    }

    /**
     * The address itself, and those that it leads to: the IPv4 addresses that a gateway or tunnel
     * would take it for, and this host for that of nobody.
     */
    private static List<byte[]> meanings(byte[] raw) {
        List<byte[]> meanings = new ArrayList<>();
        meanings.add(raw);
        if (isNobodys(raw)) {
            meanings.addAll(LOOPBACK);
        }
        if (raw.length != 16) {
            return meanings;
        }
        if (Stream.of(COMPATIBLE, TRANSLATED, NAT64, LOCAL_NAT64)
                        .anyMatch(network -> network.contains(raw))
                || isatap(raw)) {
            meanings.add(Arrays.copyOfRange(raw, 12, 16));
        }
        if (LOCAL_NAT64.contains(raw)) {
            // An operator's own prefix may be of any of RFC 6052's lengths: byte 8 is left out.
            meanings.add(new byte[] {raw[6], raw[7], raw[9], raw[10]});
            meanings.add(new byte[] {raw[7], raw[9], raw[10], raw[11]});
            meanings.add(Arrays.copyOfRange(raw, 9, 13));
        }
        if (SIX_TO_FOUR.contains(raw)) {
            meanings.add(Arrays.copyOfRange(raw, 2, 6));
        }
        if (TEREDO.contains(raw)) {
            meanings.add(Arrays.copyOfRange(raw, 4, 8)); // the server
            byte[] client = Arrays.copyOfRange(raw, 12, 16);
            for (int i = 0; i < client.length; i++) {
                client[i] ^= (byte) 0xff;
            }
            meanings.add(client);
        }
        return meanings;
    }

    private static boolean isNobodys(byte[] raw) {
        return IntStream.range(0, raw.length).allMatch(i -> raw[i] == 0);
    }

    private static boolean isatap(byte[] raw) {
        return (raw[8] & 0xfd) == 0 && raw[9] == 0 && raw[10] == 0x5e && raw[11] == (byte) 0xfe;
    }
}
