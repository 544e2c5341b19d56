package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Conversations over WebSockets, with a real server. */
class ConversationTest {

    private static final CanaryKey CANARY = new CanaryKey("lab", "test", "podinfo");
    private static final Reply HEARD = new Reply.Answered(101, "", null);
    private static final int MOST = 4000;

    private final OutgoingClient client =
            new OutgoingClient(new AddressGuard(false), Proxies.none(), CallLimits.of(1));
    private final List<SocketMessage> heard = new ArrayList<>();
    private SocketServer server;

    @BeforeEach
    void start() throws InterruptedException {
        server = new SocketServer();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private Reply converse(int wanted, String... said) throws InterruptedException {
        return converse(server.url("/talk?x=1"), Duration.ofSeconds(60), wanted, said);
    }

    private Reply converse(URI address, Duration timeout, int wanted, String... said)
            throws InterruptedException {
        var call =
                new Call(
                        "GET",
                        address,
                        Map.of("X-Key", List.of("k")),
                        null,
                        timeout,
                        Call.Reading.whole(MOST),
                        null,
                        false);
        return client.converse(
                CANARY,
                call,
                List.of(said),
                message -> {
                    heard.add(message);
                    return heard.size() < wanted;
                });
    }

    /** The server's answer may come at once, and what is said must not be lost then. */
    @RepeatedTest(50)
    void nothingThatIsSaidIsLost() throws Exception {
        assertThat(converse(1, "hello")).isEqualTo(HEARD);
    }

    @Test
    void saysEverythingInOrderAndHearsUntilItIsEnough() throws Exception {
        assertThat(converse(2, "hello", "bytes", "again")).isEqualTo(HEARD);

        assertThat(heard)
                .containsExactly(
                        new SocketMessage.Text("echo hello"),
                        new SocketMessage.Binary(ByteBuffer.wrap(new byte[] {1, 2, 3})));
        assertThat(server.said).startsWith("hello", "bytes");
        assertThat(server.openings).containsExactly("/talk?x=1 k null");
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> server.closed.await());
    }

    @Test
    void aMessageInPartsIsHeardWhole() throws Exception {
        assertThat(converse(1, "parts")).isEqualTo(HEARD);

        assertThat(heard).containsExactly(new SocketMessage.Text("one whole"));
    }

    @Test
    void aPingIsAnsweredAndNotHeard() throws Exception {
        assertThat(converse(1, "ping")).isEqualTo(HEARD);

        assertThat(heard).containsExactly(new SocketMessage.Text("alive"));
    }

    @Test
    void aServerThatRefusesIsToldAsItAnswers() throws Exception {
        var reply = converse(server.url("/refused"), Duration.ofSeconds(60), 1, "hello");

        assertThat(reply).isEqualTo(new Reply.Answered(401, "who are you", null));
        assertThat(server.said).isEmpty();
    }

    @Test
    void whatIsClosedBeforeItsTimeIsNoAnswer() throws Exception {
        assertThat(converse(1, "close")).isEqualTo(new Reply.Unanswered("EOF", true));
    }

    @Test
    void neitherOneMessageNorAllTogetherAreLongerThanAllowed() throws Exception {
        var tooLong = new Reply.Unanswered("answer is larger than 4000 bytes", false);

        assertThat(converse(1, "long")).isEqualTo(tooLong);
        assertThat(converse(100, "much")).isEqualTo(tooLong);
    }

    @Test
    void silenceEndsWithTheTimeOfTheCallAndGivesItsTurnBack() throws Exception {
        assertThat(converse(server.url("/talk"), Duration.ofMillis(300), 1, "nothing"))
                .isEqualTo(Trouble.LATE);

        assertThat(converse(1, "hello")).isEqualTo(HEARD);
    }

    @Test
    void linkLocalAddressesAreRefused() throws Exception {
        var reply = converse(URI.create("http://169.254.169.254/"), Duration.ofSeconds(60), 1);

        assertThat(reply).isEqualTo(new Reply.Unanswered(AddressGuard.REFUSED, false));
    }

    @Test
    void nobodyThereIsNoAnswer() throws Exception {
        // A port that was just given back may be chosen for the connection's own end.
        URI address = URI.create("http://127.0.0.1:1/talk");

        assertThat(converse(address, Duration.ofSeconds(60), 1))
                .isEqualTo(new Reply.Unanswered("connect: connection refused", true));
    }

    /** Each takes room in our memory, though it has no bytes of its own. */
    @Test
    void emptyMessagesCountToo() throws Exception {
        assertThat(converse(1000, "empty"))
                .isEqualTo(new Reply.Unanswered("answer is larger than 4000 bytes", false));
    }

    @Test
    void nothingIsHeardPastTheEndOfTheCall() throws Exception {
        var call =
                new Call(
                        "GET",
                        server.url("/talk"),
                        Map.of(),
                        null,
                        Duration.ofMillis(300),
                        Call.Reading.whole(MOST),
                        null,
                        false);
        long over = System.nanoTime() + call.timeout().plusMillis(50).toNanos();

        var reply =
                client.converse(
                        CANARY,
                        call,
                        List.of("a", "b", "c"),
                        message -> {
                            heard.add(message);
                            while (System.nanoTime() < over) {
                                Thread.onSpinWait(); // until the others have come too late
                            }
                            return true;
                        });

        assertThat(reply).isEqualTo(Trouble.LATE);
        assertThat(heard).hasSize(1);
    }
}
