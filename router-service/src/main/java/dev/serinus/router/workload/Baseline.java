package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The third workload of a run, which the canary is compared with: what the primary runs, with the
 * primary's configs, as many pods as the canary has, and a label of its own, so that no Service of
 * another side selects it.
 */
public final class Baseline {

    static final String SUFFIX = "-baseline";

    private Baseline() {}

    /** Names the baseline of a Canary. */
    public static Ref ref(Canary canary) {
        var kind = ReleaseTargets.of(canary.getSpec().targetRef()).kind();
        return kind.named(
                canary.getMetadata().getNamespace(), canary.getSpec().targetRef().name() + SUFFIX);
    }

    /** True for what may be a baseline of some target. */
    public static boolean isNamedSo(Ref ref) {
        return ref.name().endsWith(SUFFIX);
    }

    /** The labels that select its pods: the primary's, with the one that tells them apart. */
    public static ObjectNode selector(Target target, @Nullable ClusterObject primary) {
        return target.primarySelector(primary).put(target.label(), value(target));
    }

    static String value(Target target) {
        return target.value() + SUFFIX;
    }

    /**
     * What is to change so that it runs what the primary does.
     *
     * @param live null when it does not exist
     * @param pods how many the canary has
     * @param selectorLabels that may tell workloads apart
     */
    public static Change made(
            Canary canary,
            Target target,
            ClusterObject primary,
            @Nullable ClusterObject live,
            int pods,
            List<String> selectorLabels) {
        refuseUsers(canary, ref(canary), live, "spec.targetRef.name");
        var before =
                live == null
                        ? ClusterObject.blank(ref(canary))
                                .edited(
                                        edit ->
                                                edit.ownedBy(canary)
                                                        .spec()
                                                        .putObject("selector")
                                                        .set(
                                                                "matchLabels",
                                                                selector(target, primary)))
                        : live;
        var template =
                new PodTemplates(target, selectorLabels).toBaseline(primary.at("/spec/template"));
        return new Change(
                live,
                before.edited(
                        edit -> {
                            edit.label(Map.of(target.label(), value(target)));
                            String revision = primary.annotation(Primaries.REVISION);
                            if (revision != null) {
                                edit.annotate(Primaries.REVISION, revision);
                            }
                            for (String field : target.kind().copied()) {
                                JsonNode value = primary.at("/spec/" + field);
                                edit.spec(field, value.isMissingNode() ? null : value.deepCopy());
                            }
                            edit.spec("replicas", JsonNodeFactory.instance.numberNode(pods));
                            edit.spec("template", template);
                        }));
    }

    /**
     * Refuses to take an object that nobody made for the Canary: it is somebody's, and is not what
     * its name says.
     *
     * @param named what of the manifest it is named after
     */
    public static void refuseUsers(
            Canary canary, Ref ref, @Nullable ClusterObject live, String named) {
        if (live != null && !live.isOwnedBy(canary)) {
            throw Refusal.invalid(
                    "%s %s is there and was not made for this Canary, which needs the name for its baseline: rename it, take another %s, or leave spec.analysis.baseline out"
                            .formatted(
                                    ref.kind().name().toLowerCase(Locale.ROOT),
                                    ref.dotted(),
                                    named));
        }
    }
}
