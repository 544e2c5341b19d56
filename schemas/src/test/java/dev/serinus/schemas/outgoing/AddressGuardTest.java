package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.UnknownHostException;

class AddressGuardTest {

    private static final AddressGuard GUARD = new AddressGuard(false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "2852039166",
                "[fe80::1]",
                "[::ffff:169.254.169.254]",
                "[64:ff9b::a9fe:a9fe]",
                "[fd00:ec2::254]",
                "100.100.100.200",
                "metadata.google.internal",
                "METADATA.google.internal."
            })
    void refusesLinkLocalAndMetadataAddressesHoweverTheyAreWritten(String host) {
        assertThat(GUARD.refusal(host, InetAddress::getAllByName)).isNotNull();
        assertThat(new AddressGuard(true).refusal(host, InetAddress::getAllByName)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "[::1]", "10.0.0.7", "192.168.1.1", "8.8.8.8"})
    void allowsLoopbackPrivateAndPublicAddresses(String host) {
        assertThat(GUARD.refusal(host, InetAddress::getAllByName)).isNull();
    }

    @Test
    void refusesANameThatPointsToALinkLocalAddress() {
        AddressGuard.Names rebound =
                _ ->
                        new InetAddress[] {
                            InetAddress.ofLiteral("8.8.8.8"),
                            InetAddress.ofLiteral("169.254.169.254")
                        };
        assertThat(GUARD.refusal("innocent.example", rebound)).isEqualTo(AddressGuard.REFUSED);
    }

    @Test
    void leavesANameThatNobodyKnowsToTheCall() {
        AddressGuard.Names nobody =
                host -> {
                    throw new UnknownHostException(host);
                };
        assertThat(GUARD.refusal("nowhere.example", nobody)).isNull();
    }
}
