package dev.serinus.notifier;

import dev.serinus.notifier.chat.Destination;
import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.shell.CheckedSettings;
import dev.serinus.schemas.shell.SettingProblems;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Whom the installation itself tells, by the names that Flagger gives these settings. */
final class GlobalSettings {

    private GlobalSettings() {}

    /** {@code SLACK_*}: the installation's Slack, by Flagger's names. */
    @ConfigurationProperties("slack")
    record Slack(
            @Nullable String url,
            @Nullable String token,
            @Nullable String proxyUrl,
            @Bindable(defaultValue = Destination.DEFAULT_USERNAME) String user,
            @Nullable String channel) {

        /** Leaves out everything. */
        @Override
        public String toString() {
            return "Slack[]";
        }
    }

    /** {@code MSTEAMS_*}: the installation's Teams, which takes the place of its Slack. */
    @ConfigurationProperties("msteams")
    record MsTeams(@Nullable String url, @Nullable String proxyUrl) {

        /** Leaves out everything. */
        @Override
        public String toString() {
            return "MsTeams[]";
        }
    }

    /** {@code EVENT_WEBHOOK_URL}. */
    @ConfigurationProperties("event-webhook")
    record EventWebhook(@Nullable String url) implements CheckedSettings {

        @Override
        public List<String> problems() {
            String written = unlessBlank(url);
            return new SettingProblems()
                    .unless(
                            written == null || Addresses.parse(written).isPresent(),
                            "event-webhook.url must be an http or https address")
                    .all();
        }

        /** Leaves out everything. */
        @Override
        public String toString() {
            return "EventWebhook[]";
        }
    }

    /** Both together: what Teams takes the place of may lack what it needs. */
    @Singleton
    record Chats(Slack slack, MsTeams teams) implements CheckedSettings {

        @Override
        public List<String> problems() {
            return new SettingProblems().of(() -> global(slack, teams)).all();
        }
    }

    /** The installation's chat; null without one. Slack needs a channel, as in Flagger. */
    static @Nullable Destination global(Slack slack, MsTeams teams) {
        String teamsUrl = unlessBlank(teams.url());
        if (teamsUrl != null) {
            return new Destination(
                    "msteams",
                    Destination.DEFAULT_CHANNEL,
                    Destination.DEFAULT_USERNAME,
                    teamsUrl,
                    null,
                    teams.proxyUrl());
        }
        return slack(slack);
    }

    private static @Nullable Destination slack(Slack slack) {
        String slackUrl = unlessBlank(slack.url());
        if (slackUrl == null) {
            return null;
        }
        String channel = unlessBlank(slack.channel());
        if (channel == null) {
            throw new IllegalArgumentException(
                    "slack.url is set but slack.channel is not: set SLACK_CHANNEL");
        }
        return new Destination(
                "slack",
                channel,
                slack.user(),
                slackUrl,
                unlessBlank(slack.token()),
                slack.proxyUrl());
    }

    private static @Nullable String unlessBlank(@Nullable String value) {
        return value == null || value.isBlank() ? null : value;
    }
}
