package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Turns for what has another way out, and addresses that the installation itself names. */
class OutgoingTurnsTest {

    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final CallLimits ONE = new CallLimits(1, 1, 1, 100, 100, Duration.ofMillis(50));

    private final List<URI> reached = new ArrayList<>();

    private final OutgoingClient client =
            OutgoingClient.over(
                    new Transport() {
                        @Override
                        public Response exchange(Request request, Duration left) {
                            reached.add(request.address());
                            return new Response(200, Map.of(), "yes");
                        }

                        @Override
                        public void close() {}
                    },
                    new AddressGuard(false, List.of(Network.parse("10.0.0.0/8"))),
                    ONE);

    @AfterEach
    void close() {
        client.close();
    }

    private static Reply ask(OutgoingClient client, String address) throws InterruptedException {
        return client.send(
                CART, Call.get(URI.create(address), Map.of(), Duration.ofSeconds(5), 1000));
    }

    @Test
    void whoHasATurnKeepsOthersWaiting() throws Exception {
        var inner = client.inTurn(CART, _ -> client.inTurn(CART, _ -> "no").isEmpty());

        assertThat(inner).contains(true);
        assertThat(client.inTurn(CART, _ -> "next")).contains("next");
    }

    @Test
    void aTurnTakesRoomForBytesAndGivesItBack() throws Exception {
        for (int again = 0; again < 2; again++) {
            var taken =
                    client.inTurn(
                            CART, held -> List.of(held.room(60), held.room(60), held.room(40)));

            assertThat(taken).contains(List.of(true, false, true));
        }
    }

    @Test
    void onlyTheInstallationReachesLinkLocalAddresses() throws Exception {
        String address = "http://169.254.169.254/latest";

        assertThat(ask(client, address)).isInstanceOf(Reply.Unanswered.class);
        assertThat(reached).isEmpty();

        assertThat(ask(client.ofTheInstallation(ONE), address)).isInstanceOf(Reply.Answered.class);
        assertThat(reached).containsExactly(URI.create(address));
    }

    @Test
    void theInstallationKeepsToWhatItsOperatorDenied() throws Exception {
        assertThat(ask(client.ofTheInstallation(ONE), "http://10.1.2.3/"))
                .isInstanceOf(Reply.Unanswered.class);
        assertThat(reached).isEmpty();
    }

    @Test
    void theInstallationDoesNotWaitForACanary() throws Exception {
        var installation = client.ofTheInstallation(ONE);

        var answer = client.inTurn(CART, _ -> ask(installation, "http://127.0.0.1/"));

        assertThat(answer)
                .hasValueSatisfying(it -> assertThat(it).isInstanceOf(Reply.Answered.class));
    }

    @Test
    void theInstallationKeepsToLimitsOfItsOwn() throws Exception {
        var installation = client.ofTheInstallation(ONE);

        var answer = installation.inTurn(CART, _ -> ask(installation, "http://127.0.0.1/"));

        assertThat(answer)
                .hasValueSatisfying(it -> assertThat(it).isInstanceOf(Reply.NoTurn.class));
    }
}
