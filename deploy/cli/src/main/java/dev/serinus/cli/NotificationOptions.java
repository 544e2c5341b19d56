package dev.serinus.cli;

import dev.serinus.notifier.chat.Destination;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.List;
import java.util.Map;

/**
 * The flags that say whom the installation itself tells. Variables win over them, as in Flagger.
 */
final class NotificationOptions {

    @Option(
            names = "--slack-url",
            paramLabel = "URL",
            description = "Slack webhook for Canaries without alerts of their own (SLACK_URL).")
    private @Nullable String slackUrl;

    @Option(
            names = "--slack-channel",
            paramLabel = "NAME",
            description = "Its channel; required with an address.")
    private @Nullable String slackChannel;

    @Option(
            names = "--slack-user",
            paramLabel = "NAME",
            description = "Who speaks there (default: ${DEFAULT-VALUE}).")
    private String slackUser = Destination.DEFAULT_USERNAME;

    @Option(names = "--slack-token", paramLabel = "TOKEN", description = "Bot token (SLACK_TOKEN).")
    private @Nullable String slackToken;

    @Option(
            names = "--slack-proxy-url",
            paramLabel = "URL",
            description = "Proxy on the way to Slack (SLACK_PROXY_URL).")
    private @Nullable String slackProxyUrl;

    @Option(
            names = "--msteams-url",
            paramLabel = "URL",
            description = "Teams webhook; takes the place of Slack (MSTEAMS_URL).")
    private @Nullable String teamsUrl;

    @Option(
            names = "--msteams-proxy-url",
            paramLabel = "URL",
            description = "Proxy on the way to Teams (MSTEAMS_PROXY_URL).")
    private @Nullable String teamsProxyUrl;

    @Option(
            names = "--event-webhook",
            paramLabel = "URL",
            description = "Where every event is posted (EVENT_WEBHOOK_URL).")
    private @Nullable String eventWebhook;

    @Option(
            names = "--show-evidence",
            arity = "0..1",
            fallbackValue = "true",
            converter = GoBoolean.class,
            paramLabel = "true|false",
            description =
                    "Chats that Flagger tells too are told what failed, with its value and its"
                            + " bound, and who has the traffic (SERINUS_NOTIFIER_SHOW_EVIDENCE;"
                            + " default: where there is a --dashboard-url).")
    private @Nullable Boolean showEvidence;

    @Option(
            names = "--dashboard-url",
            paramLabel = "URL",
            description =
                    "Where people reach the dashboard, for links in messages"
                            + " (SERINUS_NOTIFIER_DASHBOARD_URL).")
    private @Nullable String dashboardUrl;

    LocalSettings.Telling settings(
            Map<String, String> environment, boolean showCluster, List<String> wrong) {
        String slack = first(environment, "SLACK_URL", slackUrl);
        String teams = first(environment, "MSTEAMS_URL", teamsUrl);
        String events = first(environment, "EVENT_WEBHOOK_URL", eventWebhook);
        Addresses.check("--slack-url", slack, wrong);
        Addresses.check("--msteams-url", teams, wrong);
        Addresses.check("--event-webhook", events, wrong);
        Addresses.check("--dashboard-url", dashboardUrl, wrong);
        String slackProxy = first(environment, "SLACK_PROXY_URL", slackProxyUrl);
        String teamsProxy = first(environment, "MSTEAMS_PROXY_URL", teamsProxyUrl);
        Addresses.check("--slack-proxy-url", slackProxy, wrong);
        Addresses.check("--msteams-proxy-url", teamsProxy, wrong);
        if (teams != null) {
            return new LocalSettings.Telling(
                    new Destination(
                            "msteams",
                            Destination.DEFAULT_CHANNEL,
                            Destination.DEFAULT_USERNAME,
                            teams,
                            null,
                            teamsProxy),
                    events,
                    showCluster,
                    showEvidence,
                    dashboardUrl);
        }
        String channel = first(environment, "SLACK_CHANNEL", slackChannel);
        if (slack != null && channel == null) {
            wrong.add("--slack-channel is missing: Slack needs to know the channel");
        }
        return new LocalSettings.Telling(
                slack == null || channel == null
                        ? null
                        : new Destination(
                                "slack",
                                channel,
                                slackUser,
                                slack,
                                first(environment, "SLACK_TOKEN", slackToken),
                                slackProxy),
                events,
                showCluster,
                showEvidence,
                dashboardUrl);
    }

    private static @Nullable String first(
            Map<String, String> environment, String variable, @Nullable String flag) {
        String set = environment.get(variable);
        String found = set == null || set.isBlank() ? flag : set;
        return found == null || found.isBlank() ? null : found;
    }
}
