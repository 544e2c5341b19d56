package dev.serinus.schemas.admission;

import dev.serinus.schemas.mesh.PodNames;
import dev.serinus.schemas.targets.TargetKind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Finds where a query about the canary would measure another side as well: a matcher such as {@code
 * pod=~"{{ target }}-.*"} matches the pods of {@code NAME-primary} too, and of {@code
 * NAME-baseline}.
 */
final class OtherSideMatches {

    /** {@code {{ target }}} and what else stands in braces. */
    private static final Pattern TARGET = Pattern.compile("\\{\\{-?\\s*\\.?target\\s*-?}}");

    private static final Pattern OTHER = Pattern.compile("\\{\\{[^{}]*+}}");

    /** Possessive throughout: the depth of a match does not grow with the text. */
    private static final Pattern MATCHER =
            Pattern.compile(
                    "\\b(\\w++)\\s*+(=~|!~|!=)\\s*+"
                            + "(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|'((?:[^'\\\\]++|\\\\.)*+)')");

    /** Characters that a match may look at: a pattern is a stranger's. */
    private static final int MOST_LOOKS = 20_000;

    /** Longer ones are not looked at: Java takes the square of their length to prepare for them. */
    private static final int LONGEST_PATTERN = 10_000;

    private OtherSideMatches() {}

    private record Found(String label, boolean excludes, String written) {}

    /**
     * The first matcher, as it is written, that takes another side for the canary.
     *
     * @param name of the target
     * @param side the other one: primary or baseline
     */
    static Optional<String> in(String query, TargetKind kind, String name, String side) {
        String workload = name + "-" + side;
        return PodNames.examples(kind == TargetKind.DAEMON_SET, workload).stream()
                .flatMap(pod -> in(query, name, workload, pod).stream())
                .findFirst();
    }

    private static Optional<String> in(String query, String name, String workload, String pod) {
        List<Found> found = new ArrayList<>();
        Matcher all = MATCHER.matcher(query);
        while (all.find()) {
            var written = all.group(3) == null ? all.group(4) : all.group(3);
            // What does not name the target says the same of both sides, such as code=~"[^5].*".
            if (!TARGET.matcher(written).find()) {
                continue;
            }
            var pattern = rendered(written, name);
            var others = all.group(1).contains("pod") ? List.of(pod) : List.of(workload, pod);
            if (matches(pattern, others, all.group(2).equals("!="))) {
                found.add(new Found(all.group(1), !all.group(2).equals("=~"), all.group().strip()));
            }
        }
        // What excludes the other side once does so for one selector.
        return found.stream()
                .filter(one -> !one.excludes())
                .filter(one -> count(found, one.label(), true) < count(found, one.label(), false))
                .map(Found::written)
                .findFirst();
    }

    private static long count(List<Found> found, String label, boolean excludes) {
        return found.stream()
                .filter(one -> one.label().equals(label) && one.excludes() == excludes)
                .count();
    }

    private static String rendered(String pattern, String name) {
        return OTHER.matcher(TARGET.matcher(pattern).replaceAll(Matcher.quoteReplacement(name)))
                .replaceAll("x")
                .replace("\\\\", "\\");
    }

    private static boolean matches(String pattern, List<String> others, boolean plain) {
        return others.stream()
                .anyMatch(other -> plain ? pattern.equals(other) : matches(pattern, other));
    }

    private static boolean matches(String pattern, String other) {
        if (pattern.length() > LONGEST_PATTERN) {
            return false;
        }
        try {
            return Pattern.compile(pattern).matcher(new Looked(other)).matches();
        } catch (PatternSyntaxException | TooLong | StackOverflowError notOurs) {
            return false; // the provider says what is wrong with it, such as groups too deep
        }
    }

    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Ends a match that would go on for ever. */
    private static final class Looked implements CharSequence {
        private final String text;
        private int looks;

        Looked(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            looks++;
            if (looks > MOST_LOOKS) {
                throw new TooLong();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
