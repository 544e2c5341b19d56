package dev.serinus.notifier.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import java.net.URI;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The status of a commit at GitLab: running while its release is analysed, then success or failed.
 * The address is the project's; the token needs the scope api.
 */
public record GitLab() implements WebNotifier {

    private static final int LONGEST_DESCRIPTION = 255;
    private static final String API = "/api/v4/projects/";

    @Override
    public String type() {
        return "gitlab";
    }

    @Override
    public boolean leavesStatuses() {
        return true;
    }

    /** A status is replaced by the next one. */
    @Override
    public boolean saysWhatWasMissed() {
        return false;
    }

    @Override
    public boolean asksForTheRelease() {
        return true;
    }

    @Override
    public boolean tells(Message message) {
        return CommitStatus.isTold(message.subject());
    }

    @Override
    public boolean takesDigests() {
        return false;
    }

    @Override
    public List<String> problems(Destination destination) {
        return CommitStatus.problems(this, destination);
    }

    @Override
    public Optional<String> wrongAddress(String address) {
        return CommitStatus.wrongAddress(address, "https://gitlab.com/GROUP/PROJECT");
    }

    /**
     * {@code https://gitlab.com/GROUP/PROJECT}, or that of an API, {@code …/api/v4/projects/ID}.
     */
    @Override
    public URI address(URI written) {
        String base = CommitStatus.repository(written);
        if (base.contains(API)) {
            return URI.create(base);
        }
        String path = URI.create(base).getPath();
        String site = base.substring(0, base.length() - URI.create(base).getRawPath().length());
        return URI.create(
                site + API + URLEncoder.encode(path.isEmpty() ? path : path.substring(1), UTF_8));
    }

    @Override
    public URI address(URI written, Message message) {
        return URI.create(address(written) + "/statuses/" + message.subject().release().commit());
    }

    @Override
    public Map<String, String> headers(Destination destination) {
        return destination.token() == null
                ? Map.of()
                : Map.of("PRIVATE-TOKEN", destination.token());
    }

    /** GitLab refuses to set a status to what it is. */
    @Override
    public boolean isSoAlready(int status, String answer) {
        return status == 400 && answer.contains("Cannot transition status");
    }

    @Override
    public JsonNode payload(Message message, Destination destination) {
        Subject subject = message.subject();
        String state =
                switch (subject.status()) {
                    case SUCCEEDED -> "success";
                    case FAILED -> "failed";
                    case WITHDRAWN, SUPERSEDED -> "canceled";
                    case INITIALIZED, STARTED, PROGRESSING, WAITING, HELD, DIGEST -> "running";
                };
        var body =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("state", state)
                        .put("name", CommitStatus.context(subject))
                        .put(
                                "description",
                                Message.cut(CommitStatus.line(message), LONGEST_DESCRIPTION));
        if (subject.link() != null) {
            body.put("target_url", subject.link());
        }
        return body;
    }
}
