package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Sends what is asked for until the hub has said what became of it. Repeated under the same key it
 * is done once, however often the line breaks.
 */
final class ActionRequests {

    /** As many as a hub takes at once. */
    private static final int PIECE = 500;

    private static final String MANY = "/api/v1/actions";

    /** How long it is looked for a decision before it is left to the hub. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    /** How long a hub that takes no more for now is waited for. */
    private static final Duration PATIENCE_FOR_TURN = Duration.ofMinutes(5);

    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final int TRIES = 4;

    private final Hub hub;
    private final PrintWriter err;

    /**
     * @param err where it is said what is waited for
     */
    ActionRequests(Hub hub, PrintWriter err) {
        this.hub = hub;
        this.err = err;
    }

    /** Asks one rollout. */
    ActionResult one(HubOptions.Named rollout, JsonNode body) throws InterruptedException {
        try {
            var answer = send(rollout.path() + "/actions", body, key());
            String location = answer.location();
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (answer.status() == 202 && location != null && System.nanoTime() < end) {
                Thread.sleep(BETWEEN);
                answer = look(location, answer);
            }
            return ActionResult.of(rollout, answer);
        } catch (HubTrouble trouble) {
            return ActionResult.trouble(rollout, trouble);
        }
    }

    /** A hub that is away for a moment has decided nothing else. */
    private Hub.Answer look(String location, Hub.Answer before) throws HubTrouble {
        try {
            var answer = hub.get(location);
            return answer.status() >= 500 || answer.status() == 429 ? before : answer;
        } catch (HubTrouble away) {
            if (away.code() != ExitCodes.HUB) {
                throw away;
            }
            return before;
        }
    }

    /**
     * Whom a hub would ask this of, at most as many as it takes at once. Nothing is asked of them.
     *
     * @param select which are meant, in the hub's words
     * @param left is given the hub's answer, which also says who is left out
     */
    List<HubOptions.Named> chosen(ObjectNode select, ObjectNode body, Consumer<JsonNode> left)
            throws HubTrouble, InterruptedException {
        ObjectNode whole = body.deepCopy();
        whole.put("dryRun", true);
        whole.set("select", select);
        var answer = send(MANY, whole, key());
        if (answer.status() != HttpURLConnection.HTTP_OK) {
            throw answer.trouble();
        }
        List<HubOptions.Named> found = new ArrayList<>();
        for (JsonNode line : answer.body().path("results")) {
            found.add(HubOptions.named(line.path("rollout").asText(), List.of()));
        }
        left.accept(answer.body());
        if (found.isEmpty()) {
            throw new HubTrouble(ExitCodes.NOT_FOUND, "no rollouts have these labels");
        }
        return found;
    }

    /** Asks many alike. Trouble with some of them is theirs: the others are asked. */
    List<ActionResult> many(List<HubOptions.Named> rollouts, ObjectNode body)
            throws InterruptedException {
        List<ActionResult> results = new ArrayList<>();
        for (int from = 0; from < rollouts.size(); from += PIECE) {
            results.addAll(
                    piece(rollouts.subList(from, Math.min(rollouts.size(), from + PIECE)), body));
        }
        return results;
    }

    private List<ActionResult> piece(List<HubOptions.Named> rollouts, ObjectNode body)
            throws InterruptedException {
        String key = key();
        Map<HubOptions.Named, ActionResult> results = new LinkedHashMap<>();
        List<HubOptions.Named> open = rollouts;
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (ActionResult each : asked(open, body, key)) {
                results.put(each.rollout(), each);
            }
            open =
                    results.values().stream()
                            .filter(ActionResult::isOpen)
                            .map(ActionResult::rollout)
                            .toList();
            if (open.isEmpty() || System.nanoTime() >= end) {
                return List.copyOf(results.values());
            }
            Thread.sleep(BETWEEN);
        }
    }

    private List<ActionResult> asked(List<HubOptions.Named> rollouts, ObjectNode body, String key)
            throws InterruptedException {
        ObjectNode whole = body.deepCopy();
        ArrayNode names = whole.putArray("rollouts");
        rollouts.forEach(each -> names.add(each.toString()));
        Hub.Answer answer;
        try {
            answer = send(MANY, whole, key);
        } catch (HubTrouble trouble) {
            return rollouts.stream().map(each -> ActionResult.trouble(each, trouble)).toList();
        }
        if (answer.status() != 200) {
            return rollouts.stream().map(each -> ActionResult.of(each, answer)).toList();
        }
        Map<String, JsonNode> lines = new HashMap<>();
        answer.body().path("results").forEach(it -> lines.put(it.path("rollout").asText(), it));
        return rollouts.stream()
                .map(
                        each ->
                                ActionResult.of(
                                        each,
                                        lines.getOrDefault(
                                                each.toString(), Hub.JSON.createObjectNode())))
                .toList();
    }

    private Hub.Answer send(String path, JsonNode body, String key)
            throws HubTrouble, InterruptedException {
        long end = System.nanoTime() + PATIENCE_FOR_TURN.toNanos();
        int failed = 0;
        while (true) {
            Duration pause = BETWEEN;
            HubTrouble trouble;
            try {
                var answer = hub.post(path, body, key);
                if (answer.status() != 429 && answer.status() < 500) {
                    return answer;
                }
                trouble = answer.trouble();
                pause = answer.retryAfter();
                failed += answer.status() == 429 ? 0 : 1;
            } catch (HubTrouble away) {
                if (away.code() != ExitCodes.HUB) {
                    throw away;
                }
                trouble = away;
                failed++;
            }
            if (failed == TRIES || System.nanoTime() + pause.toNanos() > end) {
                throw trouble;
            }
            err.println(
                    "serinus: %s; asking again in %d s"
                            .formatted(trouble.getMessage(), pause.toSeconds()));
            err.flush();
            Thread.sleep(pause);
        }
    }

    private static String key() {
        return UUID.randomUUID().toString();
    }
}
