package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What people see of a message, as text: markup is read, and times are in a reader's zone. */
final class Picture {

    private static final DateTimeFormatter SEEN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneId.of("Europe/Berlin"));
    private static final Pattern SLACK_DATE = Pattern.compile("<!date\\^(\\d+)\\^[^|>]*\\|[^>]*>");
    private static final Pattern DISCORD_DATE = Pattern.compile("<t:(\\d+):f>");
    private static final Pattern CARD_DATE =
            Pattern.compile("\\{\\{DATE\\(([^,]+), SHORT\\)}} \\{\\{TIME\\([^)]+\\)}}");

    private final List<String> lines = new ArrayList<>();

    private Picture() {}

    /** Empty where programs read it, or where it is text already. */
    static Optional<String> of(JsonNode body) {
        var picture = new Picture();
        if (body.has("attachments") && body.path("attachments").get(0).has("color")) {
            picture.attachment(body);
        } else if (body.has("attachments")) {
            picture.adaptiveCard(body.at("/attachments/0/content"));
        } else if (body.has("sections")) {
            picture.messageCard(body);
        } else if (body.has("cards")) {
            picture.googleCard(body.path("cards").get(0));
        } else if (body.has("state")) {
            picture.commit(body);
        } else if (body.has("tags") && body.has("time")) {
            picture.annotation(body);
        } else if (body.has("dedup_key")) {
            picture.incident(body);
        } else if (body.has("alias") || body.has("note")) {
            picture.alert(body);
        }
        return picture.lines.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join("\n", picture.lines));
    }

    private void attachment(JsonNode body) {
        JsonNode attachment = body.path("attachments").get(0);
        lines.add(body.path("username").asText());
        bar(attachment.path("color").asText(), attachment.path("author_name").asText());
        link(attachment.path("author_link").asText());
        bar("", read(attachment.path("text").asText()));
        attachment
                .path("fields")
                .forEach(
                        field ->
                                bar(
                                        "",
                                        field.path("title").asText()
                                                + ": "
                                                + read(field.path("value").asText())));
    }

    private void adaptiveCard(JsonNode card) {
        card.path("body")
                .forEach(
                        block -> {
                            if (block.has("text")) {
                                bar(colour(block), read(block.path("text").asText()));
                            }
                            block.path("facts").forEach(this::fact);
                        });
        card.path("actions").forEach(action -> button(action.path("title"), action.path("url")));
    }

    private static String colour(JsonNode block) {
        String colour = block.path("color").asText();
        return colour.equals("Default") ? "" : colour.toLowerCase(Locale.ROOT);
    }

    private void fact(JsonNode fact) {
        bar(
                "",
                read(fact.path(fact.has("title") ? "title" : "name").asText())
                        + ": "
                        + read(fact.path("value").asText()));
    }

    private void messageCard(JsonNode card) {
        JsonNode section = card.path("sections").get(0);
        bar("#" + card.path("themeColor").asText(), read(section.path("activityTitle").asText()));
        bar("", section.path("activitySubtitle").asText());
        section.path("facts").forEach(this::fact);
        card.path("potentialAction")
                .forEach(action -> button(action.path("name"), action.at("/targets/0/uri")));
    }

    private void googleCard(JsonNode card) {
        bar("", card.at("/header/title").asText());
        bar("", card.at("/header/subtitle").asText());
        card.path("sections")
                .forEach(
                        section -> {
                            JsonNode widget = section.path("widgets").get(0);
                            if (widget.has("textParagraph")) {
                                html(widget.at("/textParagraph/text").asText());
                            }
                            JsonNode button = widget.at("/buttons/0/textButton");
                            if (!button.isMissingNode()) {
                                button(button.path("text"), button.at("/onClick/openLink/url"));
                            }
                        });
    }

    private void commit(JsonNode status) {
        String name = status.path(status.has("context") ? "context" : "name").asText();
        lines.add("%s  %s".formatted(status.path("state").asText(), name));
        bar("", status.path("description").asText());
        link(status.path("target_url").asText());
    }

    private void annotation(JsonNode annotation) {
        lines.add(SEEN.format(Instant.ofEpochMilli(annotation.path("time").asLong())));
        html(annotation.path("text").asText());
        List<String> tags = new ArrayList<>();
        annotation.path("tags").forEach(tag -> tags.add(tag.asText()));
        bar("", "tags: " + String.join(", ", tags));
    }

    private void incident(JsonNode event) {
        JsonNode payload = event.path("payload");
        lines.add(event.path("event_action").asText() + "  " + event.path("dedup_key").asText());
        if (payload.isMissingNode()) {
            return;
        }
        bar(payload.path("severity").asText(), payload.path("summary").asText());
        bar("", SEEN.format(Instant.parse(payload.path("timestamp").asText())));
        payload.path("custom_details")
                .properties()
                .forEach(each -> bar("", each.getKey() + ": " + joined(each.getValue())));
        event.path("links").forEach(link -> button(link.path("text"), link.path("href")));
    }

    private static String joined(JsonNode value) {
        List<String> all = new ArrayList<>();
        value.forEach(each -> all.add(each.asText()));
        return value.isArray() ? String.join("; ", all) : value.asText();
    }

    private void alert(JsonNode alert) {
        if (alert.has("note")) {
            lines.add("close");
            bar("", alert.path("note").asText());
            return;
        }
        lines.add(alert.path("priority").asText() + "  " + alert.path("message").asText());
        alert.path("description").asText().lines().forEach(line -> bar("", line));
        alert.path("details")
                .properties()
                .forEach(each -> bar("", each.getKey() + ": " + each.getValue().asText()));
    }

    private void html(String text) {
        for (String line : text.split("<br>")) {
            bar(
                    "",
                    line.replaceAll("<[^>]+>", "")
                            .replace("&lt;", "<")
                            .replace("&gt;", ">")
                            .replace("&amp;", "&"));
        }
    }

    private void bar(String colour, String text) {
        lines.add("│ " + text + (colour.isEmpty() ? "" : "  (" + colour + ")"));
    }

    private void link(String url) {
        if (!url.isEmpty()) {
            bar("", "→ " + url);
        }
    }

    private void button(JsonNode title, JsonNode url) {
        bar("", "[" + title.asText() + "] → " + url.asText());
    }

    /** Undoes what escapes of Slack, Markdown and cards are for. */
    private static String read(String text) {
        String dated = SLACK_DATE.matcher(text).replaceAll(found -> seconds(found.group(1)));
        dated = DISCORD_DATE.matcher(dated).replaceAll(found -> seconds(found.group(1)));
        dated =
                CARD_DATE
                        .matcher(dated)
                        .replaceAll(found -> SEEN.format(Instant.parse(found.group(1))));
        return dated.replaceAll("\\\\([\\\\*_~`|\\[\\]<])", "$1")
                .replace("\u200B", "")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }

    private static String seconds(String epoch) {
        return SEEN.format(Instant.ofEpochSecond(Long.parseLong(epoch)));
    }
}
