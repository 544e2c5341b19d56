package dev.serinus.conformance.compare;

import dev.serinus.conformance.recording.Recording;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The differences that are meant: {@code `SCENARIO` FACET/PATH REASON}, one a line. Each covers all
 * that begins with its path. In both, {@code *} stands for any text without a slash; what is
 * declared so for several scenarios need not be so in each of them.
 */
public final class Declarations {

    private static final Pattern DECLARED =
            Pattern.compile(
                    "`([a-z0-9*-]+)` ((?:status|routes|workloads|events|hooks|queries|objects)\\S*)"
                            + " \\S");

    /**
     * One of them.
     *
     * @param scenarios the names that it is for
     * @param beginning of the differences that it covers
     */
    record Declared(String scenario, String path, Pattern scenarios, Pattern beginning) {

        private static Declared of(String scenario, String path) {
            return new Declared(scenario, path, glob(scenario), glob(path));
        }

        private static Pattern glob(String text) {
            return Pattern.compile(
                    Stream.of(text.split("\\*", -1))
                            .map(Pattern::quote)
                            .collect(Collectors.joining("[^/]*")));
        }

        boolean isFor(String name) {
            return scenarios.matcher(name).matches();
        }

        /** True when it has to be so in its only scenario. */
        boolean isForOne() {
            return !scenario.contains("*");
        }

        boolean covers(String difference) {
            return beginning.matcher(difference).lookingAt();
        }
    }

    private final List<Declared> declared;

    private Declarations(List<Declared> declared) {
        this.declared = declared;
    }

    /** Those of this text, wherever they stand in it. */
    public static Declarations of(String text) {
        return new Declarations(
                DECLARED.matcher(text)
                        .results()
                        .map(found -> Declared.of(found.group(1), found.group(2)))
                        .toList());
    }

    /** Those for a scenario. */
    List<Declared> of(Recording recording) {
        return declared.stream().filter(each -> each.isFor(recording.scenario())).toList();
    }

    /** The scenarios that have any, as they are written. */
    public List<String> scenarios() {
        return declared.stream().map(Declared::scenario).distinct().sorted().toList();
    }

    /** Those scenarios, as they are written, that none of these names is. */
    public List<String> unknown(List<String> names) {
        return declared.stream()
                .filter(each -> names.stream().noneMatch(each::isFor))
                .map(Declared::scenario)
                .distinct()
                .toList();
    }
}
