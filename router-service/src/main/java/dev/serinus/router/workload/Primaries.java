package dev.serinus.router.workload;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryScheduling;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.config.ConfigRef;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;

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
        return lost(canary, target)
                .map(List::of)
                .orElseGet(() -> made(canary, target, AnalysedConfigs.ANY, mark, Refusal::missing));
    }

    /**
     * What is to be created so that a lost primary runs what was promoted last, if that is known.
     */
    public Optional<Change> lost(Canary canary, Target target) {
        return promoted.last(canary, ref(target)).map(primary -> new Change(null, primary));
    }

    /** What is to be created when a promotion finds no primary. */
    public List<Change> promoted(
            Canary canary, Target target, AnalysedConfigs analysed, Mark mark) {
        return made(canary, target, analysed, mark, missing(target));
    }

    /** What is to be created so that the primary runs what the target runs now. */
    private List<Change> made(
            Canary canary,
            Target target,
            AnalysedConfigs analysed,
            Mark mark,
            Function<Ref, Refusal> missing) {
        refuseWhatNeverRolls(target);
        List<Change> changes = new ArrayList<>();
        var template = copied(canary, target, analysed, mark, changes, missing);
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
                                    if (target.kind().isSized()) {
                                        int size = target.kind().desired(target.object());
                                        edit.spec("replicas", JSON.numberNode(Math.max(1, size)));
                                    }
                                    edit.spec()
                                            .putObject("selector")
                                            .set("matchLabels", target.primarySelector(null));
                                    edit.spec("template", template);
                                });
        changes.add(promoted.kept(canary, null, primary, mark));
        changes.add(new Change(null, primary));
        return changes;
    }

    /** What is to change so that the primary runs the target's template. */
    public List<Change> promoted(
            Canary canary,
            Target target,
            AnalysedConfigs analysed,
            ClusterObject primary,
            Mark mark) {
        List<Change> changes = new ArrayList<>();
        var template = copied(canary, target, analysed, mark, changes, missing(target));
        var after =
                primary.edited(
                        edit -> {
                            // Flagger replaces both by what the prefixes let through.
                            edit.withoutAnnotations(Primaries::isUsers);
                            edit.withoutLabels(_ -> true);
                            var prefixes = installation.includeLabelPrefixes();
                            edit.annotate(Labels.included(target.object().annotations(), prefixes));
                            edit.withoutAnnotations(ManifestSize::isOnTarget);
                            edit.withoutAnnotations(CanaryScheduling.ANNOTATION::equals);
                            edit.annotate(REVISION, target.revision());
                            edit.label(Labels.included(target.object().labels(), prefixes));
                            edit.label(Map.of(target.label(), target.primaryValue()));
                            copySettings(target, edit.spec());
                            edit.spec("template", template);
                        });
        // What served the canary's share is what the primary needs; an autoscaler follows later.
        after = sized(target, after, target.kind().desired(target.object()));
        changes.add(promoted.kept(canary, primary, after, mark));
        changes.add(new Change(primary, after));
        return changes;
    }

    /**
     * What is to change so that the primary has at least so many pods; it never loses any.
     *
     * @param pods 0 or more; a DaemonSet has as many as there are nodes
     */
    public static Change atLeast(Target target, ClusterObject primary, int pods) {
        return new Change(primary, sized(target, primary, pods));
    }

    private static ClusterObject sized(Target target, ClusterObject primary, int pods) {
        return target.kind().isSized() && target.kind().desired(primary) < pods
                ? target.kind().scaledUp(primary, pods)
                : primary;
    }

    /** What is to change so that a primary that somebody stopped runs, as it was promoted. */
    public Change awake(Canary canary, Target target, ClusterObject primary) {
        if (!target.kind().isScaledDown(primary)) {
            return new Change(primary, primary);
        }
        int size =
                promoted.last(canary, primary.ref())
                        .map(kept -> Math.max(1, target.kind().desired(kept)))
                        .orElse(1);
        return new Change(primary, target.kind().scaledUp(primary, size));
    }

    /** Names what may have been copied for the primary's pods. */
    public List<Ref> copies(Canary canary, ClusterObject primary) {
        return configs.copiesOf(canary, primary).stream()
                .map(copy -> copy.kind().named(primary.ref().namespace(), copy.name()))
                .toList();
    }

    /**
     * What is to change so that the primary reads these configs of its target itself.
     *
     * @param configs whose tracking is switched off
     */
    public Change untracked(Canary canary, Target target, ClusterObject primary, Set<Ref> configs) {
        var live = new LinkedHashMap<ConfigRef, ConfigRef>();
        ConfigRef.places(target.template().path("spec")).stream()
                .map(ConfigRef.Place::config)
                .filter(
                        config ->
                                configs.contains(
                                        config.kind()
                                                .named(primary.ref().namespace(), config.name())))
                .forEach(
                        config ->
                                Configs.names(target, config)
                                        .forEach(
                                                name ->
                                                        live.put(
                                                                new ConfigRef(config.kind(), name),
                                                                config)));
        var template =
                Configs.renamed(
                        primary.at("/spec/template"), config -> live.getOrDefault(config, config));
        return new Change(primary, primary.edited(edit -> edit.spec("template", template)));
    }

    /** What a copy of a config says of itself, by its name and its annotations. */
    public static CopyNote copyNote(String canary, String name, Map<String, String> annotations) {
        return Configs.note(canary, name, annotations);
    }

    /**
     * What is to change so that a copy which the primary reads has again what was promoted; empty
     * where nothing is to be done. Refuses, in a sentence for people, where that is not known any
     * more.
     *
     * @param before what the copy said of itself before it was changed or deleted
     */
    public Optional<Change> copyPutBack(
            Canary canary, ClusterObject primary, Ref copy, CopyNote before) {
        return configs.putBack(canary, primary, copy, before);
    }

    /** Keeps what the primary runs in place of what was kept, which is the same but for configs. */
    public void keptAnew(Canary canary, ClusterObject primary) {
        if (primary.mark().isPresent() && primary.annotation(REVISION) != null) {
            promoted.forgetAll(canary);
            var _ = promoted.keep(canary, primary, primary.mark().get());
        }
    }

    /** Forgets all that was promoted: nobody can orphan what cannot be changed. */
    public void forgetAll(Canary canary) {
        promoted.forgetAll(canary);
    }

    /**
     * True when what was promoted for the Canary is not its any more, but is there: the collector
     * leaves it so when the Canary orphans what it owns, and takes it away otherwise.
     */
    public boolean areLeftBehind(Canary canary) {
        return promoted.isLeftBehind(canary);
    }

    /** Forgets what was promoted before, whatever that was. */
    public void forgetOlder(Canary canary, ClusterObject primary) {
        promoted.forgetOlder(canary, primary);
    }

    /**
     * Forgets what was promoted before.
     *
     * @param before the primary until now; null when there was none
     */
    public void forgetOlder(Canary canary, @Nullable ClusterObject before, ClusterObject primary) {
        promoted.forgetOlder(canary, before, primary);
    }

    /** Keeps what an adopted primary runs, should it be lost. */
    public Change kept(Canary canary, ClusterObject primary, String revision, Mark mark) {
        return promoted.kept(
                canary, null, primary.edited(it -> it.annotate(REVISION, revision)), mark);
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
        var tracked = configs.present(canary.getMetadata().getNamespace(), target.template());
        String id =
                template.path("metadata")
                        .path("annotations")
                        .path(PodTemplates.FLAGGER_ID)
                        .asText();
        UnaryOperator<ConfigRef> copies = config -> flaggers(config, tracked);
        var templates = templates(target);
        if (templates.toFlaggersPrimary(copies, id).equals(template)
                || templates.toPrimary(copies, id).equals(template)) {
            return target.revision();
        }
        return Revision.of(promotedTemplate(canary, target, primary));
    }

    /** Flagger's name for a copy, one for all Canaries that share it. */
    private static ConfigRef flaggers(ConfigRef config, Set<ConfigRef> tracked) {
        return tracked.contains(config)
                ? new ConfigRef(config.kind(), config.name() + Configs.SUFFIX)
                : config;
    }

    /** The target's template as it was when it was promoted last. */
    public ObjectNode promotedTemplate(Canary canary, Target target, ClusterObject primary) {
        JsonNode template = primary.at("/spec/template");
        return templates(target).toTarget(template, configs.copiesIn(canary, template));
    }

    private static void refuseWhatNeverRolls(Target target) {
        target.kind()
                .neverRolls(target.object())
                .ifPresent(
                        because -> {
                            throw Refusal.invalid(because);
                        });
    }

    /** A promotion without what its pods cannot do without would never become ready. */
    private static Function<Ref, Refusal> missing(Target target) {
        return config ->
                Refusal.invalid(
                        "%s %s is missing, and the pods of %s %s cannot do without it (a volume, env or envFrom in spec.template): create it again, or mark the reference optional"
                                .formatted(
                                        config.kind().name().toLowerCase(Locale.ROOT),
                                        config.dotted(),
                                        target.kind().kind().name().toLowerCase(Locale.ROOT),
                                        target.object().ref().dotted()));
    }

    private ObjectNode copied(
            Canary canary,
            Target target,
            AnalysedConfigs analysed,
            Mark mark,
            List<Change> changes,
            Function<Ref, Refusal> missing) {
        var copies = configs.copies(canary, target, analysed, mark, missing);
        changes.addAll(copies.changes());
        // Follows from the step, so that doing it twice does not roll the primary twice.
        String seed = canary.getMetadata().getUid() + "/" + mark.number();
        return templates(target)
                .toPrimary(copies::name, UUID.nameUUIDFromBytes(seed.getBytes(UTF_8)).toString());
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
