package dev.serinus.conformance.scenario;

import dev.serinus.notifier.chat.Destination;
import dev.serinus.schemas.canary.IngressNames;
import dev.serinus.schemas.canary.Installation;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the controller was started with besides the defaults: some scenarios say so in their first
 * line, as in "the controller runs with -mesh-provider=linkerd".
 *
 * @param values of flags, by name; {@code true} for one that stands alone
 * @param environment the variables of AWS that it had
 */
public record Flags(Map<String, String> values, Map<String, String> environment) {

    private static final Pattern LIST = Pattern.compile("(?:runs?|started|controller) with (?=-)");
    private static final Pattern FLAG = Pattern.compile("--?([a-z][a-z_-]*)(?:=(.*))?");
    private static final Pattern VARIABLE = Pattern.compile("(AWS_[A-Z_]+_KEY[A-Z_]*)=([^\\s,]+)");

    /** Those that stand alone, as Go's do: what comes next is no value but true and false are. */
    private static final Set<String> TRUTHS =
            Set.of(
                    "no-cross-namespace-refs",
                    "enable-config-tracking",
                    "enable-leader-election",
                    "zap-replace-globals");

    private static final Set<String> READ =
            Set.of(
                    "cluster-name",
                    "enable-config-tracking",
                    "event-webhook",
                    "include-label-prefix",
                    "ingress-annotations-prefix",
                    "ingress-class",
                    "mesh-provider",
                    "metrics-server",
                    "msteams-proxy-url",
                    "msteams-url",
                    "namespace",
                    "no-cross-namespace-refs",
                    "selector-labels",
                    "slack-channel",
                    "slack-proxy-url",
                    "slack-token",
                    "slack-url",
                    "slack-user");

    /** What no recording can show, as in the guide from Flagger. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "control-loop-interval",
                    "enable-leader-election",
                    "kubeconfig",
                    "kubeconfig-burst",
                    "kubeconfig-qps",
                    "leader-election-namespace",
                    "log-level",
                    "master",
                    "port",
                    "threadiness",
                    "v",
                    "zap-encoding",
                    "zap-replace-globals");

    /** Those of a scenario, with the fake server at this address. */
    public static Flags of(Scenario scenario, SinkAddress sink) {
        Map<String, String> values = new TreeMap<>();
        var list = LIST.matcher(scenario.about());
        if (list.find()) {
            var words = Arrays.asList(scenario.about().substring(list.end()).strip().split("\\s+"));
            read(words, values);
            values.replaceAll((_, value) -> value.replace("URL", sink.http()));
        }
        Map<String, String> environment = new HashMap<>();
        VARIABLE.matcher(scenario.about())
                .results()
                .forEach(variable -> environment.put(variable.group(1), variable.group(2)));
        return new Flags(values, environment);
    }

    /** Up to the first word that is neither a flag nor the value of one. */
    private static void read(List<String> words, Map<String, String> values) {
        for (int i = 0; i < words.size(); i++) {
            var flag = FLAG.matcher(bare(words.get(i)));
            if (!flag.matches() && words.get(i).equals("and")) {
                continue;
            }
            if (!flag.matches()) {
                return;
            }
            String next = i + 1 < words.size() ? bare(words.get(i + 1)) : "-";
            boolean follows =
                    TRUTHS.contains(flag.group(1))
                            ? next.equals("true") || next.equals("false")
                            : !next.startsWith("-");
            if (flag.group(2) != null) {
                values.put(flag.group(1), flag.group(2));
            } else if (follows) {
                values.put(flag.group(1), next);
                i++;
            } else {
                values.put(flag.group(1), "true");
            }
        }
    }

    /** Without what ends a part of a sentence. */
    private static String bare(String word) {
        return word.replaceAll("[,;.)]+$", "");
    }

    /**
     * The installation that a controller with these flags is.
     *
     * @param defaults what it is without them
     * @throws IllegalStateException for a flag that nobody here reads: what is played without it
     *     would differ for a reason that nobody is told
     */
    public Installation installation(Installation defaults) {
        var unread =
                values.keySet().stream()
                        .filter(flag -> !READ.contains(flag) && !WITHOUT_EFFECT.contains(flag))
                        .map(flag -> "-" + flag)
                        .toList();
        if (!unread.isEmpty()) {
            throw new IllegalStateException(
                    "the controller was recorded with %s, which is not played: read it in %s, or say there that no recording can show it"
                            .formatted(String.join(", ", unread), Flags.class.getName()));
        }
        return new Installation(
                value("cluster-name", defaults.cluster()),
                values.getOrDefault("namespace", defaults.namespace()),
                value("mesh-provider", defaults.meshProvider()),
                value("metrics-server", defaults.metricsServer()),
                defaults.minInterval(),
                words("selector-labels", defaults.selectorLabels()),
                truth("enable-config-tracking", defaults.configTracking()),
                words("include-label-prefix", defaults.includeLabelPrefixes()),
                truth("no-cross-namespace-refs", defaults.noCrossNamespaceRefs()),
                defaults.limits(),
                new IngressNames(
                        values.getOrDefault("ingress-class", defaults.ingress().ingressClass()),
                        value(
                                "ingress-annotations-prefix",
                                defaults.ingress().annotationsPrefix())),
                defaults.metricsServerTemplate());
    }

    private String value(String flag, String without) {
        return values.getOrDefault(flag, without);
    }

    private List<String> words(String flag, List<String> without) {
        var value = values.get(flag);
        return value == null ? without : List.of(value.split(","));
    }

    private boolean truth(String flag, boolean without) {
        var value = values.get(flag);
        return value == null ? without : Boolean.parseBoolean(value);
    }

    /** The installation's name for its cluster, if messages are to show it. */
    public @Nullable String cluster() {
        return values.get("cluster-name");
    }

    /** Where every event is posted. */
    public @Nullable String eventWebhook() {
        return values.get("event-webhook");
    }

    /** The installation's own chat. */
    public @Nullable Destination chat() {
        String teams = values.get("msteams-url");
        if (teams != null) {
            return new Destination(
                    "msteams",
                    Destination.DEFAULT_CHANNEL,
                    Destination.DEFAULT_USERNAME,
                    teams,
                    null,
                    values.get("msteams-proxy-url"));
        }
        String slack = values.get("slack-url");
        return slack == null
                ? null
                : new Destination(
                        "slack",
                        values.getOrDefault("slack-channel", Destination.DEFAULT_CHANNEL),
                        values.getOrDefault("slack-user", Destination.DEFAULT_USERNAME),
                        slack,
                        values.get("slack-token"),
                        values.get("slack-proxy-url"));
    }
}
