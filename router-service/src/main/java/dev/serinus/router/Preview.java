package dev.serinus.router;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.command.PlannedActions;
import dev.serinus.router.objects.KubernetesCluster;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Ref;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Stream;

/** What the router would write for a Canary, by the code that writes it. Nothing is written. */
public final class Preview {

    private Preview() {}

    /**
     * One object.
     *
     * @param before null for one that is not there
     * @param after null for one that would be deleted
     */
    public record Written(Ref ref, @Nullable ObjectNode before, @Nullable ObjectNode after) {}

    /**
     * What was found out.
     *
     * @param written in the order in which it would be written; never the Canary itself
     * @param notes what was taken to be so, and what stands in the way, a sentence each
     * @param stopped something stands in the way, so that there may be more
     */
    public record Found(List<Written> written, List<String> notes, boolean stopped) {

        public Found {
            written = List.copyOf(written);
            notes = List.copyOf(notes);
        }
    }

    /**
     * What it takes until the cluster is as an admitted Canary says.
     *
     * @param canary with the UID of the one that is there, if any is
     * @param underWay a release is under way, so that the target keeps its pods
     */
    public static Found of(
            KubernetesClient client, Canary canary, Installation installation, boolean underWay) {
        try {
            var found =
                    PlannedActions.of(
                            new KubernetesCluster(client), canary, installation, underWay);
            var changed =
                    found.changes().stream()
                            .map(
                                    change -> {
                                        var live = change.live();
                                        return new Written(
                                                change.ref(),
                                                live == null ? null : live.json(),
                                                change.desired().json());
                                    });
            var deleted =
                    found.deleted().stream()
                            .map(object -> new Written(object.ref(), object.json(), null));
            return new Found(
                    Stream.concat(changed, deleted).toList(), found.notes(), found.stopped());
        } catch (Refusal unseen) {
            return new Found(List.of(), List.of(unseen.because()), true);
        }
    }
}
