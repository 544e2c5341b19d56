package dev.serinus.notifier.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.schemas.outgoing.Addresses;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The status of a commit at GitHub: pending while its release is analysed, then success or failure.
 * The address is the repository's; the token needs the right to write commit statuses.
 */
public record GitHub() implements WebNotifier {

    private static final int LONGEST_DESCRIPTION = 140;

    @Override
    public String type() {
        return "github";
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
        return CommitStatus.wrongAddress(address, "https://github.com/OWNER/REPOSITORY");
    }

    /** {@code https://github.com/OWNER/REPO}, or that of an API, {@code …/repos/OWNER/REPO}. */
    @Override
    public URI address(URI written) {
        String base = CommitStatus.repository(written);
        if (base.contains("/repos/")) {
            return URI.create(base);
        }
        String path = URI.create(base).getRawPath();
        String site = base.substring(0, base.length() - path.length());
        boolean isPublic = "github.com".equalsIgnoreCase(written.getHost());
        return URI.create(
                isPublic ? "https://api.github.com/repos" + path : site + "/api/v3/repos" + path);
    }

    @Override
    public URI address(URI written, Message message) {
        return URI.create(
                Addresses.withoutSlashesAtTheEnd(address(written).toString())
                        + "/statuses/"
                        + message.subject().release().commit());
    }

    @Override
    public Map<String, String> headers(Destination destination) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/vnd.github+json");
        headers.put("X-GitHub-Api-Version", "2022-11-28");
        if (destination.token() != null) {
            headers.put("Authorization", "Bearer " + destination.token());
        }
        return headers;
    }

    @Override
    public JsonNode payload(Message message, Destination destination) {
        Subject subject = message.subject();
        String state =
                switch (subject.status()) {
                    case SUCCEEDED -> "success";
                    case FAILED -> "failure";
                    case WITHDRAWN, SUPERSEDED -> "error";
                    case INITIALIZED, STARTED, PROGRESSING, WAITING, HELD, DIGEST -> "pending";
                };
        var body =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("state", state)
                        .put(
                                "description",
                                Message.cut(CommitStatus.line(message), LONGEST_DESCRIPTION))
                        .put("context", CommitStatus.context(subject));
        if (subject.link() != null) {
            body.put("target_url", subject.link());
        }
        return body;
    }
}
