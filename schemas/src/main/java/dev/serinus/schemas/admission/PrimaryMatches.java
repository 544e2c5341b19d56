package dev.serinus.schemas.admission;

import dev.serinus.schemas.targets.TargetKind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Finds where a query about the canary would measure the primary as well: a matcher such as {@code
 * pod=~"{{ target }}-.*"} matches the pods of {@code NAME-primary} too.
 */
final class PrimaryMatches {

    private static final String NAME = "podinfo";

    /** {@code {{ target }}} and what else stands in braces. */
    private static final Pattern TARGET = Pattern.compile("\\{\\{-?\\s*\\.?target\\s*-?}}");

    private static final Pattern OTHER = Pattern.compile("\\{\\{[^}]*}}");

    private static final Pattern MATCHER =
            Pattern.compile("(\\w+)\\s*(=~|!~|!=)\\s*([\"'])((?:(?!\\3)[^\\\\]|\\\\.)*)\\3");

    /** Characters that a match may look at: a pattern is a stranger's. */
    private static final int MOST_LOOKS = 20_000;

    private PrimaryMatches() {}

    private record Found(String label, boolean excludes, String written) {}

    /** The first matcher, as it is written, that takes the primary for the canary. */
    static Optional<String> in(String query, TargetKind kind) {
        List<Found> found = new ArrayList<>();
        Matcher all = MATCHER.matcher(query);
        while (all.find()) {
            var pattern = rendered(all.group(4));
            if (matches(all.group(1), pattern, kind, all.group(2).equals("!="))) {
                found.add(new Found(all.group(1), !all.group(2).equals("=~"), all.group().strip()));
            }
        }
        // What excludes the primary once does so for one selector.
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

    private static String rendered(String pattern) {
        return OTHER.matcher(TARGET.matcher(pattern).replaceAll(NAME))
                .replaceAll("x")
                .replace("\\\\", "\\");
    }

    private static boolean matches(String label, String pattern, TargetKind kind, boolean plain) {
        String pod = NAME + "-primary" + (kind == TargetKind.DAEMON_SET ? "" : "-5d4f8c7b9");
        List<String> primaries =
                label.contains("pod")
                        ? List.of(pod + "-x2x4z")
                        : List.of(NAME + "-primary", pod + "-x2x4z");
        return primaries.stream()
                .anyMatch(primary -> plain ? pattern.equals(primary) : matches(pattern, primary));
    }

    private static boolean matches(String pattern, String primary) {
        try {
            return Pattern.compile(pattern).matcher(new Looked(primary)).matches();
        } catch (PatternSyntaxException | TooLong notOurs) {
            return false; // the provider says what is wrong with it
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
