package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What became of an action that one rollout was asked for.
 *
 * @param status as HTTP has it; 0 where the hub did not answer
 * @param code to end with, were it the only one
 * @param body as the hub answered; {@code message} has the words
 */
record ActionResult(HubOptions.Named rollout, int status, int code, ObjectNode body) {

    private static final String MESSAGE = "message";
    private static final String ROLLOUT = "rollout";

    /** Answered for this rollout alone. */
    static ActionResult of(HubOptions.Named rollout, Hub.Answer answer) {
        ObjectNode body =
                answer.body() instanceof ObjectNode object
                        ? object.deepCopy()
                        : Hub.JSON.createObjectNode();
        if (!body.path(MESSAGE).isTextual()) {
            body.put(MESSAGE, answer.words());
        }
        return new ActionResult(rollout, answer.status(), code(answer.status()), body);
    }

    /** Answered as a line of many. */
    static ActionResult of(HubOptions.Named rollout, JsonNode line) {
        int status = line.path("status").asInt();
        return line instanceof ObjectNode object && status > 0
                ? new ActionResult(rollout, status, code(status), object.deepCopy())
                : trouble(
                        rollout,
                        new HubTrouble(ExitCodes.HUB, "the hub did not say what became of it"));
    }

    /** Nobody knows what became of it. */
    static ActionResult trouble(HubOptions.Named rollout, HubTrouble trouble) {
        ObjectNode body = Hub.JSON.createObjectNode();
        body.put("outcome", "unknown");
        body.put(MESSAGE, trouble.getMessage());
        return new ActionResult(rollout, 0, trouble.code(), body);
    }

    private static int code(int status) {
        return status == 202 ? ExitCodes.TIMED_OUT : ExitCodes.of(status);
    }

    /** True where the same may still be answered otherwise. */
    boolean isOpen() {
        return status == 202 || status == 429 || status >= 500;
    }

    String words() {
        return body.path(MESSAGE).asText();
    }

    /** For scripts: the same names whether one was asked or many. */
    ObjectNode data() {
        ObjectNode data = Hub.JSON.createObjectNode();
        data.put(ROLLOUT, rollout.toString());
        data.put("status", status);
        ObjectNode rest = body.deepCopy();
        rest.remove("status");
        JsonNode state = rest.remove(ROLLOUT);
        data.setAll(rest);
        if (state != null && state.isObject()) {
            data.set("state", state);
        }
        return data;
    }
}
