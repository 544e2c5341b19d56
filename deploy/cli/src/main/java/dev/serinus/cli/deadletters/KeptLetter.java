package dev.serinus.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.topic.TopicKind;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.stream.Stream;

/** A dead letter and where it lies. */
record KeptLetter(LetterId id, DeadLetter letter) {

    private static final String CONTROL = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]";

    byte @Nullable [] key() {
        return bytes(letter.getKey());
    }

    byte @Nullable [] value() {
        return bytes(letter.getValue());
    }

    /** What the topic is on which the record was; empty for none of ours. */
    Optional<TopicKind> kind() {
        return TopicKind.cluster(letter.getTopic())
                .flatMap(
                        cluster ->
                                Stream.of(TopicKind.values())
                                        .filter(kind -> !kind.isPublic())
                                        .filter(
                                                kind ->
                                                        kind.name(cluster)
                                                                .equals(letter.getTopic()))
                                        .findFirst());
    }

    /** True where the record was too large to be kept as a whole. */
    boolean isCut() {
        return letter.getCutFrom() != null;
    }

    /** The key, which names the canary, as far as it is text; empty where there is none. */
    String keyText() {
        byte[] key = key();
        return key == null ? "" : printable(new String(key, UTF_8));
    }

    String service() {
        return printable(letter.getService());
    }

    String reason() {
        return printable(letter.getReason());
    }

    /** Whoever wrote the record chose its bytes: none of them steers the reader's terminal. */
    static String printable(String text) {
        return text.replaceAll(CONTROL, "?");
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
