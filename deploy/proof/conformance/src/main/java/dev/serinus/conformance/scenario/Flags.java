package dev.serinus.conformance.scenario;

import dev.serinus.notifier.chat.Destination;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the controller was started with besides the defaults: some scenarios say so in their first
 * line.
 *
 * @param values of flags, by name
 * @param environment the variables of AWS that it had
 */
public record Flags(Map<String, String> values, Map<String, String> environment) {

    private static final Pattern FLAG = Pattern.compile("-([a-z-]+) (\\S+)");
    private static final Pattern VARIABLE = Pattern.compile("(AWS_[A-Z_]+_KEY[A-Z_]*)=([^\\s,]+)");

    /** Those of a scenario, with the fake server at this address. */
    public static Flags of(Scenario scenario, SinkAddress sink) {
        int begin = scenario.about().indexOf("runs with ");
        Map<String, String> values = new HashMap<>();
        if (begin >= 0) {
            FLAG.matcher(scenario.about().substring(begin))
                    .results()
                    .forEach(
                            flag ->
                                    values.put(
                                            flag.group(1),
                                            flag.group(2).replace("URL", sink.http())));
        }
        Map<String, String> environment = new HashMap<>();
        VARIABLE.matcher(scenario.about())
                .results()
                .forEach(variable -> environment.put(variable.group(1), variable.group(2)));
        return new Flags(values, environment);
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
                    null);
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
                        null);
    }
}
