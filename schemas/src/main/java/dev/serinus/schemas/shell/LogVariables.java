package dev.serinus.schemas.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The variables that the log's configuration reads, which takes what it does not know for
 * something.
 */
public final class LogVariables {

    private static final Set<String> LEVELS =
            Set.of("trace", "debug", "info", "warn", "error", "off", "all");

    private LogVariables() {}

    /** All that is wrong with those of this environment, each by its name. */
    public static List<String> problems(Map<String, String> environment) {
        List<String> wrong = new ArrayList<>();
        for (String name :
                List.of(
                        "SERINUS_LOG_LEVEL",
                        "SERINUS_LOG_LEVEL_DECISIONS",
                        "SERINUS_LOG_LEVEL_LIBRARIES")) {
            String level = environment.getOrDefault(name, "");
            if (!level.isEmpty() && !LEVELS.contains(level.toLowerCase(Locale.ROOT))) {
                wrong.add("%s must be debug, info, warn or error, was '%s'".formatted(name, level));
            }
        }
        oneOf(environment, "SERINUS_LOG_FORMAT", List.of("json", "text"), wrong);
        oneOf(environment, "SERINUS_LOG_TARGET", List.of("System.out", "System.err"), wrong);
        return wrong;
    }

    private static void oneOf(
            Map<String, String> environment, String name, List<String> known, List<String> wrong) {
        String written = environment.getOrDefault(name, "");
        if (!written.isEmpty() && !known.contains(written)) {
            wrong.add(
                    "%s must be %s, was '%s'".formatted(name, String.join(" or ", known), written));
        }
    }
}
