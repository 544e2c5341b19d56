package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

    private static final AddressGuard GUARD = new AddressGuard(false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "169.254.169.254.",
                "2852039166",
                "0xA9FEA9FE",
                "0xa9.0xfe.0xa9.0xfe",
                "0251.0376.0251.0376",
                "0251.254.43518",
                "169.254.43518",
                "[fe80::1]",
                "[fe80::1%eth0]",
                "[fe80::1%25nosuchzone]",
                "[::ffff:169.254.169.254]",
                "[::169.254.169.254]",
                "[::ffff:0:169.254.169.254]",
                "[64:ff9b::a9fe:a9fe]",
                "[64:ff9b:1::a9fe:a9fe]",
                "[64:ff9b:1:a9fe:a9:fe00::]",
                "[64:ff9b:1:a9:fe:a9fe::]",
                "[64:ff9b:1:0:a9:fea9:fe00::]",
                "0x00000000000000000000a9fea9fe",
                "0000000000000000000025177524776",
                "[2002:a9fe:a9fe::1]",
                "[2001:0:a9fe:a9fe::1]",
                "[2001:0:7f00:1:0:0:5601:5601]",
                "[2001:db8::5efe:169.254.169.254]",
                "[2001:db8::200:5efe:169.254.169.254]",
                "168.63.129.16",
                "[::ffff:168.63.129.16]",
                "100.100.100.200",
                "192.0.0.192",
                "[fd00:ec2::254]",
                "[fd00:ec2::23]",
                "[fd20:ce::254]",
                "[fd00:c1::a9fe:a9fe]",
                "[fd00:42::42]",
                "metadata.google.internal",
                "METADATA.google.internal."
            })
    void refusesLinkLocalAndMetadataAddressesHoweverTheyAreWritten(String host) {
        assertThat(GUARD.refusal(host)).isEqualTo(AddressGuard.REFUSED);
        assertThat(new AddressGuard(true).refusal(host)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "[::1]",
                "10.0.0.7",
                "192.168.1.1",
                "8.8.8.8",
                "[2001:db8::1]",
                "[fd00:1::1]",
                "hooks.example",
                "1.2.3.4.5",
                "256.1.1.1",
                "cafe",
                "0x",
                "1.2.3.4444444444444444444"
            })
    void allowsLoopbackPrivateAndPublicAddressesAndNames(String host) {
        assertThat(GUARD.refusal(host)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.2.3",
                "[::ffff:10.1.2.3]",
                "[64:ff9b::a01:203]",
                "[fd12::1]",
                "192.0.2.7"
            })
    void refusesWhatTheOperatorDeniesAlsoWhereLinkLocalIsAllowed(String host) {
        var guard = new AddressGuard(true, Network.list("10.0.0.0/8, fd12::/16 192.0.2.4/30"));

        assertThat(guard.refusal(host)).isEqualTo(AddressGuard.DENIED);
        assertThat(guard.refusal("192.0.2.8")).isNull();
        assertThat(guard.refusal("[fd13::1]")).isNull();
    }

    /** The system takes a connection to nobody's address for one to itself. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "[::]", "0", "0x0", "[::ffff:0.0.0.0]"})
    void nobodysAddressIsThisHost(String host) {
        assertThat(new AddressGuard(true, Network.list("127.0.0.0/8")).refusal(host))
                .isEqualTo(AddressGuard.DENIED);
        assertThat(new AddressGuard(true, Network.list("::1")).refusal(host))
                .isEqualTo(AddressGuard.DENIED);
        assertThat(GUARD.refusal(host)).isNull();
    }

    @Test
    void saysHowANetworkIsWritten() {
        for (String text :
                new String[] {
                    "10.0.0.0/33",
                    "::/129",
                    "x/8",
                    "10.0.0.0/",
                    "example.com/8",
                    "10.0.0.0/-1",
                    "/8"
                }) {
            assertThatThrownBy(() -> Network.list(text))
                    .hasMessage("'" + text + "' is no network: write it as 10.0.0.0/8 or fd00::/8");
        }
        assertThat(Network.list(" ")).isEmpty();
    }
}
