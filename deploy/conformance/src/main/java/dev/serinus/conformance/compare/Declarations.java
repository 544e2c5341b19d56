package dev.serinus.conformance.compare;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The differences that are meant: {@code `SCENARIO` FACET/PATH REASON}, one a line. Each covers all
 * that begins with its path.
 */
public final class Declarations {

    private static final Pattern DECLARED =
            Pattern.compile(
                    "`([a-z0-9-]+)` ((?:status|routes|workloads|events|hooks|queries|objects)\\S*)"
                            + " \\S");

    private record Declared(String scenario, String path) {}

    private final List<Declared> declared;

    private Declarations(List<Declared> declared) {
        this.declared = declared;
    }

    /** Those of this text, wherever they stand in it. */
    public static Declarations of(String text) {
        return new Declarations(
                DECLARED.matcher(text)
                        .results()
                        .map(found -> new Declared(found.group(1), found.group(2)))
                        .toList());
    }

    /** The paths declared for a scenario. */
    List<String> paths(String scenario) {
        return declared.stream()
                .filter(each -> each.scenario.equals(scenario))
                .map(Declared::path)
                .distinct()
                .toList();
    }

    /** The scenarios that have any. */
    public List<String> scenarios() {
        return declared.stream().map(Declared::scenario).distinct().sorted().toList();
    }
}
