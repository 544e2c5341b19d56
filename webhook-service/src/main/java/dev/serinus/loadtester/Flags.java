package dev.serinus.loadtester;

import dev.serinus.schemas.canary.Durations;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The flags of Flagger's load tester, as Go's programs take them: {@code -port 8080} or {@code
 * --port=8080}. What is set by them goes before variables.
 *
 * @param properties what they set
 * @param wrong what is wrong with them
 */
record Flags(Map<String, String> properties, List<String> wrong) {

    static final String HELP =
            """
            Runs tests and holds gates for the hooks of Canaries, on the paths of Flagger's load tester.

              -port               port of the HTTP server (9090); 0 for any, which the log tells
              -host               address that it listens at (127.0.0.1)
              -timeout            the longest a command may take (1h)
              -namespace-regexp   serve namespaces in which this is found; all without it
              -log-level          debug, info, warn or error (info)
              -version            print version and commit

            All else is set by variables: SERINUS_LOADTESTER_TOKEN, SERINUS_LOADTESTER_NAMESPACES, ... which
            webhook-service/LOADTESTER.md lists. With KAFKA_BOOTSTRAP_SERVERS gates are kept in Kafka.
            """;

    /** Of Go's logger; there is nothing here that they would change. */
    private static final Set<String> IGNORED = Set.of("zap-replace-globals", "zap-encoding");

    Flags {
        properties = Map.copyOf(properties);
        wrong = List.copyOf(wrong);
    }

    static Flags of(String... arguments) {
        Map<String, String> properties = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        for (int at = 0; at < arguments.length; at++) {
            String written = arguments[at];
            String flag = written.replaceFirst("^--?", "");
            int equals = flag.indexOf('=');
            String name = equals < 0 ? flag : flag.substring(0, equals);
            String value = equals < 0 ? "" : flag.substring(equals + 1);
            if (!written.startsWith("-")) {
                wrong.add("'" + written + "' is no flag");
                continue;
            }
            if (equals < 0 && takesNext(name, arguments, at)) {
                at++;
                value = arguments[at];
            }
            read(name, value, properties, wrong);
        }
        return new Flags(properties, wrong);
    }

    /** Go's flags of truth take a value only after an equals sign. */
    private static boolean takesNext(String name, String[] arguments, int at) {
        return !name.equals("zap-replace-globals") && at + 1 < arguments.length;
    }

    private static void read(
            String name, String value, Map<String, String> properties, List<String> wrong) {
        switch (name) {
            case "port" -> {
                if (value.matches("\\d{1,5}")) {
                    properties.put("micronaut.server.port", value);
                } else {
                    wrong.add("-port has to be a number, was '" + value + "'");
                }
            }
            case "host" -> {
                if (isKnown(value)) {
                    properties.put("micronaut.server.host", value);
                } else {
                    wrong.add(
                            "-host: no address is known for '%s', so nothing can listen there"
                                    .formatted(value));
                }
            }
            case "timeout" ->
                    Durations.parse(value)
                            .ifPresentOrElse(
                                    limit ->
                                            properties.put(
                                                    "serinus.loadtester.timeout", limit.toString()),
                                    () ->
                                            wrong.add(
                                                    "-timeout has to be a duration such as 30m,"
                                                            + " was '"
                                                            + value
                                                            + "'"));
            case "namespace-regexp" -> properties.put("serinus.loadtester.namespace-regexp", value);
            case "log-level" -> properties.put("log-level", level(value));
            default -> {
                if (!IGNORED.contains(name)) {
                    wrong.add("there is no flag -" + name);
                }
            }
        }
    }

    /** The server itself would tell of it by a stack trace, without the name. */
    private static boolean isKnown(String host) {
        try {
            var _ = InetAddress.getByName(host);
            return true;
        } catch (UnknownHostException _) {
            return false;
        }
    }

    /** As in Flagger every other word is info. */
    private static String level(String written) {
        return switch (written.toLowerCase(Locale.ROOT)) {
            case "debug" -> "DEBUG";
            case "warn", "warning" -> "WARN";
            case "error", "fatal", "panic" -> "ERROR";
            default -> "INFO";
        };
    }
}
