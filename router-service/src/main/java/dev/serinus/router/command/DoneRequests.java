package dev.serinus.router.command;

import dev.serinus.router.objects.Conflict;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/** Takes annotations off a Canary that asked once for something, and it was done. */
record DoneRequests(ActionContext context) {

    private static final Logger log = LoggerFactory.getLogger(DoneRequests.class);
    private static final int ROUNDS = 4;

    /**
     * Nothing waits for it: what the API server does not take now is taken off with the next
     * command, and until then asks for nothing more.
     */
    void takeOff(Canary canary, List<String> annotations) {
        if (annotations.isEmpty()) {
            return;
        }
        var ref =
                Kind.CANARY.named(
                        canary.getMetadata().getNamespace(), canary.getMetadata().getName());
        for (int round = 1; round <= ROUNDS; round++) {
            try {
                var live = context.cluster().find(ref);
                if (live == null
                        || !live.at("/metadata/uid").asText().equals(canary.getMetadata().getUid())
                        || annotations.stream().allMatch(it -> live.annotation(it) == null)) {
                    return;
                }
                var _ =
                        context.cluster()
                                .replace(
                                        live.edited(
                                                edit ->
                                                        edit.withoutAnnotations(
                                                                annotations::contains)));
                return;
            } catch (Conflict othersWrite) {
                if (round == ROUNDS) {
                    left(ref.dotted(), String.valueOf(othersWrite.getMessage()));
                }
            } catch (Refusal refused) {
                left(ref.dotted(), String.valueOf(refused.getMessage()));
                return;
            }
        }
    }

    private static void left(String canary, String because) {
        log.atWarn()
                .addKeyValue("canary", canary)
                .addKeyValue("because", because)
                .log("annotations of requests that are done stay for now");
    }
}
