package dev.serinus.loadtester.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.loadtester.task.Outcome;
import dev.serinus.schemas.outgoing.Call;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Redaction;
import dev.serinus.schemas.outgoing.Reply;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Asks a service that answers in JSON, on behalf of a canary.
 *
 * @param base its address, below which all is asked
 * @param hidden takes what is secret out of what it answers
 */
record JsonService(OutgoingClient client, CanaryKey owner, URI base, Redaction hidden) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST = 256 * 1024;
    private static final int LONGEST_WORDS = 300;

    static final String NO_ADDRESS =
            "metadata.server: has to be an address of http or https, without // in its path and"
                    + " without ? and #";

    /** The address that a manifest writes; empty where it is none below which one can ask. */
    static Optional<URI> address(String written) {
        try {
            URI found = URI.create(written.strip());
            boolean isHttp =
                    "http".equalsIgnoreCase(found.getScheme())
                            || "https".equalsIgnoreCase(found.getScheme());
            // A path that begins with two slashes is another host to whoever resolves it.
            boolean isPlain =
                    found.getRawQuery() == null
                            && found.getRawFragment() == null
                            && !String.valueOf(found.getRawPath()).contains("//");
            return isHttp && isPlain && found.getHost() != null
                    ? Optional.of(found)
                    : Optional.empty();
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    static JsonService of(
            OutgoingClient client, CanaryKey owner, URI base, Collection<String> secrets) {
        return new JsonService(client, owner, base, Redaction.of(base, secrets));
    }

    /**
     * What it answered.
     *
     * @param status 0 where it did not answer
     * @param body null where there is nothing to be read
     * @param because why there is not, without secrets; else empty
     * @param hadTurn false where it was not asked, since too much was under way here
     */
    record Answer(int status, @Nullable JsonNode body, String because, boolean hadTurn) {

        Answer(int status, @Nullable JsonNode body, String because) {
            this(status, body, because, true);
        }

        static Answer none(String because) {
            return new Answer(0, null, because);
        }

        /** That a test was not begun, for this. */
        RemoteTest.NotStarted notStarted(String what) {
            return new RemoteTest.NotStarted(
                    hadTurn ? Outcome.NOT_STARTED : Outcome.NO_TURN, what + ": " + because);
        }
    }

    /**
     * Asks once.
     *
     * @param path below the base, with a slash before it
     * @param headers with the type of the body, where there is one
     */
    Answer ask(String method, String path, Map<String, String> headers, @Nullable String body)
            throws InterruptedException {
        String root = base.getRawPath() == null ? "" : base.getRawPath().replaceAll("/+$", "");
        Map<String, List<String>> all = new TreeMap<>();
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        Call call;
        try {
            call =
                    new Call(
                            method,
                            base.resolve(root + path),
                            all,
                            body,
                            PATIENCE,
                            Call.Reading.whole(MOST),
                            null,
                            false);
        } catch (IllegalArgumentException unusable) {
            return Answer.none(String.valueOf(unusable.getMessage()));
        }
        return switch (client.send(owner, call)) {
            case Reply.Answered answered -> read(answered);
            case Reply.NoTurn(var because) -> new Answer(0, null, because, false);
            case Reply.Unanswered(var because, _) -> Answer.none(because);
        };
    }

    private static Answer read(Reply.Answered answered) {
        int status = answered.status();
        if (!answered.succeeded()) {
            return new Answer(status, null, "status " + status);
        }
        try {
            JsonNode body = JSON.readTree(answered.body());
            return body != null && body.isObject()
                    ? new Answer(status, body, "")
                    : new Answer(status, null, "the answer is no JSON object");
        } catch (JsonProcessingException unreadable) {
            return new Answer(status, null, "the answer cannot be read as JSON");
        }
    }

    /** What somebody else wrote, as it may be told. */
    String words(String said) {
        return hidden.of(said, LONGEST_WORDS);
    }

    /** Leaves out the address, which may hold secrets. */
    @Override
    public String toString() {
        return "JsonService[" + owner + "]";
    }
}
