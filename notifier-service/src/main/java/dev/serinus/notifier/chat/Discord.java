package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;

import java.net.URI;

/** Discord, through its Slack-compatible endpoint: the address's path with {@code /slack}. */
public record Discord() implements WebNotifier {

    private static final String ENDPOINT = "/slack";

    @Override
    public String type() {
        return "discord";
    }

    @Override
    public boolean isFlaggers() {
        return true;
    }

    @Override
    public JsonNode payload(Message message, Destination destination) {
        return SlackMessage.of(
                message, destination, SlackMessage.colour(message), this::escaped, this::escaped);
    }

    /**
     * Texts are Markdown, with links, and with mentions between angle brackets, and so are times in
     * the zone of whoever reads.
     */
    @Override
    public String escaped(String text) {
        return Instants.shown(
                text.replaceAll("([\\\\*_~`|\\[\\]]|<(?=\\S))", "\\\\$1"),
                at -> "<t:%d:f>".formatted(at.getEpochSecond()));
    }

    /**
     * Flagger looks at the end of the whole address and so adds a second {@code /slack} where a
     * query follows the first.
     */
    @Override
    public URI address(URI written) {
        String path = written.getRawPath() == null ? "" : written.getRawPath();
        if (path.endsWith(ENDPOINT)) {
            return written;
        }
        String query = written.getRawQuery() == null ? "" : "?" + written.getRawQuery();
        String folder = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return URI.create(
                written.getScheme()
                        + "://"
                        + written.getRawAuthority()
                        + folder
                        + ENDPOINT
                        + query);
    }
}
