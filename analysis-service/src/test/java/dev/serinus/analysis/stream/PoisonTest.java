package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

class PoisonTest {

    private static final CanaryKey PODINFO = new CanaryKey("west", "test", "podinfo");

    private final Topics topics = new Topics(Bench.SETTINGS);
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    static Stream<TopicKind> inputs() {
        return Stream.of(TopicKind.values()).filter(TopicKind::isInput);
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void garbageIsSetAsideWithItsBytesItsPlaceAndTheReason(TopicKind kind) {
        byte[] garbage = {1, 2, 3};

        bench.send(kind.name("west"), PODINFO.toString().getBytes(UTF_8), garbage);

        DeadLetter letter = letters().getFirst();
        assertThat(letter.getTopic()).isEqualTo(kind.name("west"));
        assertThat(letter.getOffset()).isZero();
        assertThat(letter.getKey()).isEqualTo(ByteBuffer.wrap(PODINFO.toString().getBytes(UTF_8)));
        assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(garbage));
        assertThat(letter.getService()).isEqualTo("analysis");
        assertThat(letter.getReason()).isNotBlank();
        assertThat(letter.getAt()).isEqualTo(Bench.START);
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void aRecordOfAnotherTypeIsSetAside(TopicKind kind) {
        byte[] letter =
                topics.deadLetters("west")
                        .values()
                        .serializer()
                        .serialize(
                                "x",
                                new ReceivedRecord("t", 0, 0, 0, null, null)
                                        .setAside("", Bench.START)
                                        .getFirst());

        bench.send(kind.name("west"), PODINFO.toString().getBytes(UTF_8), letter);

        assertThat(letters())
                .singleElement()
                .extracting(DeadLetter::getReason)
                .asString()
                .contains("DeadLetter");
    }

    @Test
    void aRecordCutShortIsSetAsideAndTheNextOneIsTaken() {
        byte[] whole = topics.actions("west").values().serializer().serialize("x", action(PODINFO));
        byte[] key = PODINFO.toString().getBytes(UTF_8);

        bench.send(TopicKind.ACTIONS.name("west"), key, Arrays.copyOf(whole, whole.length - 3));
        bench.send(TopicKind.ACTIONS.name("west"), key, whole);

        assertThat(letters()).singleElement().extracting(DeadLetter::getOffset).isEqualTo(0L);
    }

    @Test
    void aClusterCannotSpeakForAnother() {
        var stranger = new CanaryKey("east", "test", "podinfo");

        bench.send(topics.actions("west"), stranger, action(stranger));

        assertThat(letters())
                .singleElement()
                .extracting(DeadLetter::getReason)
                .asString()
                .contains("east", "west");
        assertThat(bench.read(topics.deadLetters("east"))).isEmpty();
    }

    @Test
    void aValueAboutAnotherCanaryThanItsKeyIsSetAside() {
        bench.send(topics.actions("west"), PODINFO, action(new CanaryKey("west", "test", "other")));

        assertThat(letters()).hasSize(1);
    }

    @Test
    void keysThatNameNoCanaryAndMissingValuesAreSetAside() {
        String topic = TopicKind.CHANGES.name("west");
        bench.send(topic, null, new byte[] {1});
        bench.send(topic, "podinfo".getBytes(UTF_8), new byte[] {1});
        bench.send(topic, PODINFO.toString().getBytes(UTF_8), null);

        assertThat(letters())
                .extracting(DeadLetter::getReason)
                .satisfiesExactly(
                        noKey -> assertThat(noKey).contains("no key"),
                        badKey -> assertThat(badKey).contains("cluster/namespace/name"),
                        noValue -> assertThat(noValue).contains("no value"));
    }

    private List<DeadLetter> letters() {
        return bench.read(topics.deadLetters("west"));
    }

    private static Action action(CanaryKey canary) {
        return Action.newBuilder()
                .setCanary(canary.toString())
                .setActor("ada")
                .setAskedAt(Bench.START)
                .setAction(ActionKind.PAUSE)
                .setReason("")
                .build();
    }
}
