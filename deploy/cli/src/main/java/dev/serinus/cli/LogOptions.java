package dev.serinus.cli;

import dev.serinus.schemas.shell.LogVariables;

import picocli.CommandLine.Option;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How a command logs, also by Flagger's flags. */
final class LogOptions {

    private static final Map<String, String> LEVELS =
            Map.of(
                    "debug", "DEBUG", "info", "INFO", "warn", "WARN", "warning", "WARN", "error",
                    "ERROR", "fatal", "ERROR", "panic", "ERROR");

    @Option(
            names = "--log-format",
            paramLabel = "text|json",
            description =
                    "Lines for a terminal, or JSON for machines (default: text, or"
                            + " SERINUS_LOG_FORMAT).")
    private String format = "";

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description =
                    "debug, info, warn or error (default: info). Each decision is told at info.")
    private String level = "";

    @Option(
            names = "--zap-encoding",
            paramLabel = "json|console",
            description = "Flagger's name of --log-format.")
    private String encoding = "";

    void check(Map<String, String> environment, List<String> wrong) {
        wrong.addAll(LogVariables.problems(environment));
        if (!format.isEmpty() && !format.equals("text") && !format.equals("json")) {
            wrong.add("--log-format must be text or json, was '" + format + "'");
        }
        if (!encoding.isEmpty() && !encoding.equals("console") && !encoding.equals("json")) {
            wrong.add("--zap-encoding must be json or console, was '" + encoding + "'");
        }
        if (!level.isEmpty() && !LEVELS.containsKey(level.toLowerCase(Locale.ROOT))) {
            wrong.add("--log-level must be debug, info, warn or error, was '" + level + "'");
        }
    }

    /** What the log's configuration reads; it has to stand there before the first line. */
    Map<String, String> settings(Map<String, String> environment) {
        String chosen = format;
        if (chosen.isEmpty() && !encoding.isEmpty()) {
            chosen = encoding.equals("console") ? "text" : "json";
        }
        if (chosen.isEmpty()) {
            chosen = written(environment, "SERINUS_LOG_FORMAT", "text");
        }
        String loud =
                level.isEmpty()
                        ? written(environment, "SERINUS_LOG_LEVEL", "INFO").toUpperCase(Locale.ROOT)
                        : LEVELS.getOrDefault(level.toLowerCase(Locale.ROOT), "INFO");
        boolean json = chosen.equals("json");
        return Map.of(
                "SERINUS_LOG_FORMAT",
                json ? "json" : "text",
                // At a terminal what is decided is read, not each record and command behind it.
                "SERINUS_LOG_LEVEL",
                !json && loud.equals("INFO") ? "WARN" : loud,
                "SERINUS_LOG_LEVEL_DECISIONS",
                loud,
                "SERINUS_LOG_LEVEL_LIBRARIES",
                written(
                        environment,
                        "SERINUS_LOG_LEVEL_LIBRARIES",
                        json || loud.equals("DEBUG") ? "WARN" : "ERROR"),
                "SERINUS_LOG_TARGET",
                "System.err");
    }

    /** An empty variable says nothing. */
    private static String written(Map<String, String> environment, String name, String otherwise) {
        String set = environment.getOrDefault(name, "");
        return set.isEmpty() ? otherwise : set;
    }
}
