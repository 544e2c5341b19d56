package dev.serinus.loadtester.remote;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A process of Concord.
 *
 * @param keys which files may be sent
 * @param key the file with the key of its API
 * @param form what it is started with, in order
 */
record ConcordProcess(
        JsonService concord,
        KeyFiles keys,
        Path key,
        Map<String, String> form,
        Duration interval,
        Duration silence)
        implements RemoteTest {

    private static final Logger LOG = LoggerFactory.getLogger(ConcordProcess.class);
    private static final String PROCESS = "/api/v1/process";
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    @Override
    public String title() {
        return "concord process";
    }

    @Override
    public String start() throws NotStarted, InterruptedException {
        String boundary = "serinus-" + UUID.randomUUID();
        var answer =
                ask(
                        "POST",
                        PROCESS,
                        Map.of("Content-Type", "multipart/form-data; boundary=" + boundary),
                        body(boundary));
        if (answer.body() == null) {
            throw answer.notStarted("failed to start the concord process");
        }
        String id = answer.body().path("instanceId").asText();
        if (!ID.matcher(id).matches()) {
            throw new NotStarted(
                    "failed to start the concord process: the answer names no instanceId");
        }
        return id;
    }

    private String body(String boundary) {
        var body = new StringBuilder();
        form.forEach(
                (name, value) ->
                        body.append(
                                "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                                        .formatted(boundary, name, value)));
        return body.append("--").append(boundary).append("--\r\n").toString();
    }

    @Override
    public Progress progress(String id) throws InterruptedException {
        var answer = ask("GET", PROCESS + "/" + id, Map.of(), null);
        if (answer.body() == null) {
            return new Progress.Unknown(answer.because());
        }
        JsonNode status = answer.body().path("status");
        return switch (status.asText()) {
            case "FINISHED" -> new Progress.Over(0, "", "");
            case "FAILED", "CANCELLED", "TIMED_OUT" -> {
                String how = status.asText().toLowerCase(Locale.ROOT).replace('_', ' ');
                yield new Progress.Over(1, "concord instanceID: %s %s".formatted(id, how), "");
            }
            case "" -> new Progress.Unknown("the answer names no status");
            default -> new Progress.Running();
        };
    }

    /** Flagger leaves it running. */
    @Override
    public String stop(String id) throws InterruptedException {
        var answer = ask("DELETE", PROCESS + "/" + id, Map.of(), null);
        LOG.atInfo()
                .addKeyValue("process", id)
                .addKeyValue("status", answer.status())
                .log("concord process told to end");
        return "";
    }

    /** The key is read anew each time: it may be replaced meanwhile. */
    private JsonService.Answer ask(
            String method, String path, Map<String, String> headers, @Nullable String body)
            throws InterruptedException {
        Map<String, String> all = new TreeMap<>(headers);
        try {
            Optional<String> found = keys.read(key);
            if (found.isEmpty()) {
                return JsonService.Answer.none("`apiKeyPath` file does not hold one line");
            }
            all.put("Authorization", found.get());
        } catch (IOException unreadable) {
            return JsonService.Answer.none("`apiKeyPath` file cannot be read");
        }
        return concord.ask(method, path, all, body);
    }

    /** Leaves out the form, which may hold secrets. */
    @Override
    public String toString() {
        return "ConcordProcess[" + concord + "]";
    }
}
