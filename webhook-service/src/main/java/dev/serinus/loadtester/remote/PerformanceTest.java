package dev.serinus.loadtester.remote;

import com.fasterxml.jackson.databind.JsonNode;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Map;

/**
 * A load test of nGrinder.
 *
 * @param original number of the test that it is made after
 * @param authorization a header with the password
 */
record PerformanceTest(
        JsonService grinder, String original, String authorization, Duration interval)
        implements RemoteTest {

    private static final Logger LOG = LoggerFactory.getLogger(PerformanceTest.class);
    private static final String TESTS = "/perftest/api/";

    /** As in Flagger it is asked about for all of its time. */
    private static final Duration NEVER = Duration.ofDays(365);

    @Override
    public String title() {
        return "nGrinder test";
    }

    @Override
    public Duration silence() {
        return NEVER;
    }

    @Override
    public String start() throws NotStarted, InterruptedException {
        var answer = ask("POST", original + "/clone_and_start");
        JsonNode body = answer.body();
        if (body == null) {
            throw answer.notStarted("failed to clone and start the nGrinder test");
        }
        if (isRefusal(body)) {
            throw new NotStarted(
                    "nGrinder did not start the test: "
                            + grinder.words(body.path("message").asText("it does not say why")));
        }
        if (!body.path("id").isIntegralNumber()) {
            throw new NotStarted("nGrinder did not say which test it has started");
        }
        return body.path("id").asText();
    }

    private static boolean isRefusal(JsonNode body) {
        return body.path("success").isBoolean() && !body.path("success").booleanValue();
    }

    @Override
    public Progress progress(String id) throws InterruptedException {
        var answer = ask("GET", id + "/status");
        JsonNode body = answer.body();
        if (body == null || isRefusal(body)) {
            return new Progress.Unknown(body == null ? answer.because() : "it was refused");
        }
        String status = body.path("status").path(0).path("status_id").asText();
        return switch (status) {
            case "FINISHED" -> new Progress.Over(0, "", "");
            case "STOP_BY_ERROR", "CANCELED", "UNKNOWN" ->
                    new Progress.Over(1, "nGrinder test %s ended as %s".formatted(id, status), "");
            default -> new Progress.Running();
        };
    }

    @Override
    public String stop(String id) throws InterruptedException {
        var answer = ask("PUT", id + "?action=stop");
        LOG.atInfo()
                .addKeyValue("test", id)
                .addKeyValue("status", answer.status())
                .log("nGrinder test told to end");
        return "";
    }

    private JsonService.Answer ask(String method, String path) throws InterruptedException {
        return grinder.ask(method, TESTS + path, Map.of("Authorization", authorization), null);
    }

    /** Leaves out the password. */
    @Override
    public String toString() {
        return "PerformanceTest[" + original + "]";
    }
}
