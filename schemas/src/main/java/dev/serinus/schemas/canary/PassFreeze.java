package dev.serinus.schemas.canary;

import io.fabric8.kubernetes.api.model.ObjectMeta;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a Canary's annotation asks for that is to let one run pass freezes of the installation.
 *
 * @param names of the freezes, each once; from 1 to 10
 * @param reason why, for people; from 1 to 200 characters
 */
public record PassFreeze(List<String> names, String reason) {

    public static final String ANNOTATION = "serinus.dev/pass-freeze";

    /** What is told of one that cannot be read. */
    private static final String MISTAKE =
            ("metadata.annotations[%s]: lets nothing pass: it must be up to 10 names of freezes, a"
                            + " colon, and why, in up to 200 characters, such as \"weekend: the"
                            + " till is down\"")
                    .formatted(ANNOTATION);

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final int MOST = 10;
    private static final int LONGEST_REASON = 200;

    public PassFreeze {
        names = List.copyOf(names);
    }

    /** What an object's annotation asks for; empty where it has none, or none that can be read. */
    public static Optional<PassFreeze> of(ObjectMeta meta) {
        return Optional.ofNullable(written(meta)).flatMap(PassFreeze::read);
    }

    /**
     * What its author is told where it has one that cannot be read, as a sentence with its path.
     */
    public static List<String> mistakes(ObjectMeta meta) {
        return written(meta) != null && of(meta).isEmpty() ? List.of(MISTAKE) : List.of();
    }

    private static @Nullable String written(ObjectMeta meta) {
        var annotations = meta.getAnnotations();
        return annotations == null ? null : annotations.get(ANNOTATION);
    }

    /** Names with commas between, a colon, a reason; empty where it is anything else. */
    static Optional<PassFreeze> read(String written) {
        int colon = written.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        var names = Stream.of(written.substring(0, colon).split(",", -1)).map(String::strip);
        var pass = new PassFreeze(names.distinct().toList(), written.substring(colon + 1).strip());
        return pass.isSound() ? Optional.of(pass) : Optional.empty();
    }

    /** There is no name for all of them: who lets a run pass says which he has looked at. */
    private boolean isSound() {
        return names.size() <= MOST
                && names.stream().allMatch(name -> NAME.matcher(name).matches())
                && !reason.isEmpty()
                && reason.length() <= LONGEST_REASON
                && reason.chars().noneMatch(Character::isISOControl);
    }
}
