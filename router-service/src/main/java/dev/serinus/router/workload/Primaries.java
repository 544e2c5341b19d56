package dev.serinus.router.workload;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Ref;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Revision;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Makes the primary from the target: once, and again with every promotion. */
public final class Primaries {

    /** The revision of the target's template that a primary was copied from. */
    public static final String REVISION = ClusterObject.OURS + "revision";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Configs configs;
    private final Installation installation;
    private final PromotedTemplates promoted;

    public Primaries(Cluster cluster, Installation installation) {
        this.installation = installation;
        this.configs = new Configs(cluster, installation);
        this.promoted = new PromotedTemplates(cluster);
    }

    /** Names the primary of a target. */
    public static Ref ref(Target target) {
        return target.kind()
                .kind()
                .named(target.object().ref().namespace(), target.name() + "-primary");
    }

    /**
     * What is to be created when there is no primary: copies of the configs and a copy of the
     * target. One that was lost is made again from what was promoted last, not from what the target
     * happens to be, which may have failed.
     */
    public List<Change> created(Canary canary, Target target, Mark mark) {
        return lost(canary, target).map(List::of).orElseGet(() -> made(canary, target, mark));
    }

    /**
     * What is to be created so that a lost primary runs what was promoted last, if that is known.
     */
    public Optional<Change> lost(Canary canary, Target target) {
        return promoted.last(canary, ref(target)).map(primary -> new Change(null, primary));
    }

    /** What is to be created so that the primary runs what the target runs now. */
    public List<Change> made(Canary canary, Target target, Mark mark) {
        refuseWhatNeverRolls(target);
        List<Change> changes = new ArrayList<>();
        var template = copied(canary, target, mark, changes);
        var primary =
                ClusterObject.blank(ref(target))
                        .edited(
                                edit -> {
                                    edit.ownedBy(canary);
                                    edit.annotate(
                                            Labels.withoutFlux(target.object().annotations()));
                                    edit.withoutAnnotations(
                                            key -> key.startsWith(ClusterObject.OURS));
                                    edit.annotate(REVISION, target.revision());
                                    edit.label(
                                            Labels.included(
                                                    target.object().labels(),
                                                    installation.includeLabelPrefixes()));
                                    edit.label(Map.of(target.label(), target.primaryValue()));
                                    copySettings(target, edit.spec());
                                    if (target.kind() == WorkloadKind.DEPLOYMENT) {
                                        int size = target.kind().desired(target.object());
                                        edit.spec("replicas", JSON.numberNode(Math.max(1, size)));
                                    }
                                    edit.spec()
                                            .putObject("selector")
                                            .putObject("matchLabels")
                                            .put(target.label(), target.primaryValue());
                                    edit.spec("template", template);
                                });
        changes.add(promoted.kept(canary, primary, mark));
        changes.add(new Change(null, primary));
        return changes;
    }

    /** What is to change so that the primary runs the target's template. */
    public List<Change> promoted(Canary canary, Target target, ClusterObject primary, Mark mark) {
        List<Change> changes = new ArrayList<>();
        var template = copied(canary, target, mark, changes);
        var after =
                primary.edited(
                        edit -> {
                            // Flagger replaces both by what the prefixes let through.
                            edit.withoutAnnotations(Primaries::isUsers);
                            edit.withoutLabels(_ -> true);
                            var prefixes = installation.includeLabelPrefixes();
                            edit.annotate(Labels.included(target.object().annotations(), prefixes));
                            edit.annotate(REVISION, target.revision());
                            edit.label(Labels.included(target.object().labels(), prefixes));
                            edit.label(Map.of(target.label(), target.primaryValue()));
                            copySettings(target, edit.spec());
                            if (target.kind() == WorkloadKind.DEPLOYMENT
                                    && canary.getSpec().autoscalerRef() == null) {
                                edit.spec("replicas", target.object().at("/spec/replicas"));
                            }
                            edit.spec("template", template);
                        });
        changes.add(promoted.kept(canary, after, mark));
        changes.add(new Change(primary, after));
        return changes;
    }

    /** Forgets what was promoted before. */
    public void forgetOlder(Canary canary, ClusterObject primary) {
        promoted.forgetOlder(canary, primary);
    }

    /** Keeps what an adopted primary runs, should it be lost. */
    public Change kept(Canary canary, ClusterObject primary, String revision, Mark mark) {
        return promoted.kept(canary, primary.edited(it -> it.annotate(REVISION, revision)), mark);
    }

    /**
     * The revision of the target that a primary was copied from. For one that Flagger made it
     * follows from the template, since Flagger's own hashes cannot be computed here.
     */
    public String revision(Canary canary, Target target, ClusterObject primary) {
        String noted = primary.annotation(REVISION);
        if (noted != null) {
            return noted;
        }
        var template = primary.at("/spec/template");
        var tracked = configs.tracked(canary.getMetadata().getNamespace(), target.template());
        String id =
                template.path("metadata")
                        .path("annotations")
                        .path(PodTemplates.FLAGGER_ID)
                        .asText();
        if (templates(target).toPrimary(tracked.keySet(), id).equals(template)) {
            return target.revision();
        }
        return Revision.of(promotedTemplate(canary, target, primary));
    }

    /** The target's template as it was when it was promoted last. */
    public ObjectNode promotedTemplate(Canary canary, Target target, ClusterObject primary) {
        JsonNode template = primary.at("/spec/template");
        return templates(target).toTarget(template, configs.copiesIn(canary, template));
    }

    /** A DaemonSet that waits for its pods to be deleted by hand never shows what was promoted. */
    private static void refuseWhatNeverRolls(Target target) {
        String type = target.object().at("/spec/updateStrategy/type").asText();
        if (target.kind() == WorkloadKind.DAEMON_SET
                && !type.isEmpty()
                && !type.equals("RollingUpdate")) {
            throw Refusal.invalid(
                    "createPrimaryDaemonSet failed: daemonset %s must have RollingUpdate strategy but have %s"
                            .formatted(target.object().ref().dotted(), type));
        }
    }

    private ObjectNode copied(Canary canary, Target target, Mark mark, List<Change> changes) {
        var tracked = configs.tracked(canary.getMetadata().getNamespace(), target.template());
        changes.addAll(configs.copies(canary, tracked));
        // Follows from the step, so that doing it twice does not roll the primary twice.
        String seed = canary.getMetadata().getUid() + "/" + mark;
        return templates(target)
                .toPrimary(
                        tracked.keySet(), UUID.nameUUIDFromBytes(seed.getBytes(UTF_8)).toString());
    }

    private PodTemplates templates(Target target) {
        return new PodTemplates(target, installation.selectorLabels());
    }

    private static void copySettings(Target target, ObjectNode spec) {
        for (String field : target.kind().copied()) {
            JsonNode value = target.object().at("/spec/" + field);
            if (value.isMissingNode()) {
                spec.remove(field);
            } else {
                spec.set(field, value.deepCopy());
            }
        }
    }

    /** False for what this service and the workload's own controller keep on it. */
    private static boolean isUsers(String annotation) {
        return !annotation.startsWith(ClusterObject.OURS)
                && !annotation.startsWith("deployment.kubernetes.io/");
    }
}
