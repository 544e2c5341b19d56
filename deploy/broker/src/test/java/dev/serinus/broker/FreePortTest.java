package dev.serinus.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;

class FreePortTest {

    @Test
    void givesEachPortOnceAndNoneThatIsInUse() throws Exception {
        Set<Integer> given = new HashSet<>();
        int before = FreePort.next();
        given.add(before);
        try (var taken = new ServerSocket(before + 1, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 20; i++) {
                assertThat(given.add(FreePort.next())).isTrue();
            }
            assertThat(given).doesNotContain(taken.getLocalPort());
        }
    }

    @Test
    void liesBelowWhatTheSystemGivesToOutgoingConnections() {
        assertThat(FreePort.next()).isBetween(1024, 32_767);
    }
}
