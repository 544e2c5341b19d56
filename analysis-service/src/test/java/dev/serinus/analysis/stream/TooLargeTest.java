package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class TooLargeTest {

    private static final CanaryKey PODINFO = new CanaryKey("west", "test", "podinfo");
    private static final int PLENTY = 1 << 20;

    private final Topics topics = new Topics(Bench.SETTINGS);
    private final SizeLimits limits = new SizeLimits(PLENTY);
    private final Bench bench = new Bench(Bench.SETTINGS, limits);
    private final PretendCluster cluster = new PretendCluster(PODINFO, 10_000);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void anInputOverTheLimitIsSetAsideAndTheRestGoesOn() {
        // Given
        tell(cluster.created());
        var before = bench.kept(PODINFO);

        // When
        bench.send(topics.actions("west"), PODINFO, pause("x".repeat(1_000_000)));

        // Then
        DeadLetter letter = letters().getFirst();
        assertThat(letter.getReason()).contains("at most 524288 are taken");
        assertThat(letter.getValue().remaining()).isPositive();
        assertThat(bench.kept(PODINFO)).isEqualTo(before);
        bench.send(topics.actions("west"), PODINFO, pause("small"));
        assertThat(bench.kept(PODINFO)).isNotEqualTo(before);
    }

    @Test
    void aLetterThatWouldBeTooLargeHoldsTheBeginning() {
        // When: with its wrapping this is more than a megabyte
        bench.send(
                TopicKind.CHANGES.name("west"),
                PODINFO.toString().getBytes(UTF_8),
                new byte[PLENTY - 200]);

        // Then
        DeadLetter letter = letters().getFirst();
        assertThat(letter.getValue().remaining()).isEqualTo(16 << 10);
        assertThat(letter.getCutFrom()).isEqualTo(PLENTY - 200);
        assertThat(letter.getReason()).endsWith("too large for a letter");
    }

    @Test
    void aKeyThatIsTooLongIsNotRepeated() {
        // When
        bench.send(
                TopicKind.CHANGES.name("west"),
                ("west/test/" + "x".repeat(400_000)).getBytes(UTF_8),
                new byte[10]);

        // Then
        assertThat(letters())
                .singleElement()
                .extracting(DeadLetter::getReason)
                .asString()
                .contains("longer than the name of any canary");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serinus.west.journal", "bench-rollouts-changelog"})
    void aDecisionThatDoesNotFitIsSetAsideAndTheRolloutStaysAsItWas(String topic) {
        // Given
        tell(cluster.created().subList(0, 1));
        bench.raw(TopicKind.JOURNAL, "west");
        var before = bench.kept(PODINFO);
        limits.refused(topic, 100);

        // When
        tell(cluster.created().subList(1, 2));

        // Then
        assertThat(letters())
                .singleElement()
                .extracting(DeadLetter::getReason)
                .asString()
                .startsWith("the decision writes a record of ")
                .contains(" bytes to " + topic + ", which takes 99");
        assertThat(before).isNotNull();
        assertThat(bench.kept(PODINFO)).isEqualTo(before);
        assertThat(bench.raw(TopicKind.JOURNAL, "west")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"METRIC_QUERIES", "ANNOUNCEMENTS", "ROLLOUTS"})
    void nothingOfADecisionIsWrittenWhenOneOfItsOutputsDoesNotFit(TopicKind kind) {
        // Given
        limits.refused(kind.name("west"), 100);

        // When
        tell(cluster.created().subList(0, 1));

        // Then
        assertThat(letters()).hasSize(1);
        assertThat(bench.kept(PODINFO)).isNull();
        assertThat(Stream.of(TopicKind.values()).filter(each -> each != TopicKind.DEAD_LETTERS))
                .allSatisfy(each -> assertThat(bench.raw(each, "west")).isEmpty());
    }

    @Test
    @SuppressWarnings("NullAway") // the handler does not look at the context
    void whatABrokerRefusedOnceIsNotSentAgain() {
        // Given
        var handler = new FailedSend();
        handler.configure(Map.of(StreamsSettings.LIMITS, limits));
        var sent = new OutgoingRecord("serinus.west.journal", null, new byte[5_000], noHeaders());
        assertThat(limits.fits(sent)).isTrue();

        // When
        handler.handleError(
                null,
                new ProducerRecord<>(sent.topic(), null, sent.value()),
                new RecordTooLargeException("more than max.message.bytes"));

        // Then
        assertThat(limits.fits(sent)).isFalse();
        assertThat(
                        limits.fits(
                                new OutgoingRecord(
                                        "serinus.west.alerts", null, sent.value(), noHeaders())))
                .isTrue();
    }

    private static Headers noHeaders() {
        return new RecordHeaders();
    }

    private void tell(List<PretendCluster.Fact> facts) {
        for (var fact : facts) {
            bench.send(
                    fact.kind().name("west"),
                    PODINFO.toString().getBytes(UTF_8),
                    Bench.SETTINGS.values().serializer().serialize("x", fact.value()));
        }
    }

    private List<DeadLetter> letters() {
        return bench.read(topics.deadLetters("west"));
    }

    private static Action pause(String reason) {
        return Action.newBuilder()
                .setCanary(PODINFO.toString())
                .setActor("ada")
                .setAskedAt(Bench.START)
                .setAction(ActionKind.PAUSE)
                .setReason(reason)
                .build();
    }
}
