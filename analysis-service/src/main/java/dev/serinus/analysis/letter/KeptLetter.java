package dev.serinus.analysis.letter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A dead letter and where it lies.
 *
 * @param readable false where the letter itself could not be read: then {@code letter} tells of it
 *     like of what it may have been about
 */
public record KeptLetter(LetterId id, DeadLetter letter, boolean readable) {

    private static final String CONTROL = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]";

    /** Of the record; null where it had none. */
    public byte @Nullable [] key() {
        return bytes(letter.getKey());
    }

    /** Of the record, or its beginning; null where it had none. */
    public byte @Nullable [] value() {
        return bytes(letter.getValue());
    }

    /**
     * The canary that its key names; empty where it names none of the letter's own cluster, so that
     * nobody is shown, by a name, what lies in the cluster of others.
     */
    public Optional<CanaryKey> canary() {
        return named().filter(canary -> canary.cluster().equals(id.cluster()));
    }

    /** True where its key names a canary of another cluster. */
    public boolean isOfAnotherCluster() {
        return named().isPresent() && canary().isEmpty();
    }

    private Optional<CanaryKey> named() {
        byte[] key = key();
        if (key == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(CanaryKey.parse(new String(key, UTF_8)));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    /**
     * What the topic is on which the record was; empty for none of the letter's own cluster. Who
     * may write the letters of one cluster chose that name, and may write nothing of others.
     */
    public Optional<TopicKind> kind() {
        return Stream.of(TopicKind.values())
                .filter(kind -> !kind.isOfHub())
                .filter(kind -> kind.name(id.cluster()).equals(letter.getTopic()))
                .findFirst();
    }

    /** True where the record was too large to be kept as a whole. */
    public boolean isCut() {
        return letter.getCutFrom() != null;
    }

    /** The key, which names the canary, as far as it is text; empty where there is none. */
    public String keyText() {
        byte[] key = key();
        return key == null ? "" : printable(new String(key, UTF_8));
    }

    /** Who set it aside. */
    public String service() {
        return printable(letter.getService());
    }

    /** Why it was set aside. */
    public String reason() {
        return printable(letter.getReason());
    }

    /** Whoever wrote the record chose its bytes: none of them steers the reader's terminal. */
    public static String printable(String text) {
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
