package dev.serinus.router.release;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.ManagedBy;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.router.workload.AnalysedConfigs;
import dev.serinus.router.workload.Labels;
import dev.serinus.router.workload.Primaries;
import dev.serinus.router.workload.PromotedTemplates;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.targets.ReleasedService;
import dev.serinus.schemas.targets.TargetKind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Two copies of a Service that its author turns from one version to the next: the canary's follows
 * it at the beginning of each run, the primary's at the end. The Service itself is not written
 * before the Canary goes.
 *
 * @param promoted what each primary led to, should it be lost
 */
record ServiceSides(Cluster cluster, Installation installation, PromotedTemplates promoted)
        implements Sides {

    private static Ref primary(Canary canary) {
        return side(canary, "-primary");
    }

    private static Ref candidate(Canary canary) {
        return side(canary, "-canary");
    }

    private static Ref side(Canary canary, String suffix) {
        return Kind.SERVICE.named(
                canary.getMetadata().getNamespace(), canary.getSpec().targetRef().name() + suffix);
    }

    /** Copies that somebody made by hand have no owner, but a note. */
    @Override
    public void refuseShared(Canary canary, ClusterObject target) {
        for (Ref ref : objects(canary)) {
            var copy = cluster.find(ref);
            if (copy != null && !copy.isOwnedBy(canary)) {
                copy.controllingCanary()
                        .or(() -> ReleasedBy.other(cluster, canary, copy))
                        .ifPresent(
                                other -> {
                                    throw ReleasedBy.refusal("service", target.ref(), other);
                                });
            }
        }
    }

    @Override
    public List<Ref> objects(Canary canary) {
        return List.of(primary(canary), candidate(canary));
    }

    /**
     * The canary's copy as it was made. One that shows another revision than the target is left
     * alone: it serves the run under way, or waits for the next.
     */
    @Override
    public List<Change> routable(
            Canary canary,
            Target target,
            @Nullable ClusterObject primary,
            Consumer<Refusal> refused) {
        var live = target.candidate();
        String copied = live == null ? null : live.annotation(Primaries.REVISION);
        return copied == null || copied.equals(target.revision())
                ? current(canary, target, primary)
                : List.of();
    }

    @Override
    public List<Change> current(Canary canary, Target target, @Nullable ClusterObject primary) {
        refuseUncopied(target);
        return List.of(copied(canary, target, candidate(canary), target.candidate()));
    }

    @Override
    public Made created(Canary canary, Target target, Mark mark) {
        var lost = lost(canary, target);
        if (lost.isPresent()) {
            return new Made(
                    List.of(lost.get()),
                    String.valueOf(lost.get().desired().annotation(Primaries.REVISION)));
        }
        return new Made(
                promoted(canary, target, AnalysedConfigs.ANY, null, mark), target.revision());
    }

    @Override
    public List<Change> kept(
            Canary canary, Target target, ClusterObject primary, String revision, Mark mark) {
        return List.of(
                promoted.kept(
                        canary,
                        null,
                        primary.edited(it -> it.annotate(Primaries.REVISION, revision)),
                        mark));
    }

    @Override
    public Optional<Change> lost(Canary canary, Target target) {
        return promoted.last(canary, primary(canary))
                .map(
                        kept ->
                                new Change(
                                        null,
                                        kept.edited(
                                                edit ->
                                                        edit.put(
                                                                "spec",
                                                                ReleasedService.content(
                                                                        kept.at("/spec"))))));
    }

    /** Somebody who turns it elsewhere moves everybody to what nobody has analysed. */
    @Override
    public List<Change> upheld(Canary canary, Target target, ClusterObject primary) {
        String revision = primary.annotation(Primaries.REVISION);
        return promoted
                .last(canary, primary.ref())
                .filter(
                        kept ->
                                revision == null
                                        || revision.equals(kept.annotation(Primaries.REVISION)))
                .map(
                        kept ->
                                new Change(
                                        primary,
                                        leading(
                                                primary,
                                                ReleasedService.content(kept.at("/spec")))))
                .stream()
                .toList();
    }

    @Override
    public String revision(Canary canary, Target target, ClusterObject primary) {
        String noted = primary.annotation(Primaries.REVISION);
        return noted != null ? noted : ReleasedService.revision(primary.at("/spec"));
    }

    /** Clients who come by no route use the target, which is its author's. */
    @Override
    public Optional<Change> apex(Canary canary, Target target, @Nullable ClusterObject primary) {
        return Optional.empty();
    }

    @Override
    public List<Change> promoted(
            Canary canary,
            Target target,
            AnalysedConfigs analysed,
            @Nullable ClusterObject primary,
            Mark mark) {
        refuseUncopied(target);
        var change = copied(canary, target, primary(canary), primary);
        if (primary != null && primary.isOwnedBy(canary)) {
            // Flagger leaves of both what the prefixes let through.
            var prefixes = installation.includeLabelPrefixes();
            var after =
                    change.desired()
                            .edited(
                                    edit -> {
                                        edit.withoutLabels(key -> !key.equals(ManagedBy.LABEL))
                                                .withoutAnnotations(
                                                        key -> !key.startsWith(ClusterObject.OURS));
                                        edit.label(
                                                Labels.included(
                                                        target.object().labels(), prefixes));
                                        edit.annotate(
                                                Labels.included(notes(target.object()), prefixes));
                                    });
            change = ManagedBy.relabelled(new Change(primary, after));
        }
        List<Change> changes = new ArrayList<>();
        changes.add(promoted.kept(canary, primary, change.desired(), mark));
        changes.add(change);
        return changes;
    }

    @Override
    public void forgetOlder(Canary canary, @Nullable ClusterObject before, List<Change> written) {
        if (!written.isEmpty()) {
            promoted.forgetOlder(canary, before, written.getLast().desired());
        } else if (before != null) {
            promoted.forgetOlder(canary, before);
        }
    }

    /**
     * It leads where the primary does: nobody meets what was not promoted because a Canary went.
     */
    @Override
    public ClusterObject restored(Canary canary, Target target, @Nullable ClusterObject primary) {
        var live = target.object();
        return primary == null || revision(canary, target, primary).equals(target.revision())
                ? live
                : withContent(live, ReleasedService.content(primary.at("/spec")));
    }

    @Override
    public List<Change> given(Canary canary, @Nullable Target target) {
        return List.of();
    }

    /** Copies that somebody made by hand before us, and that no other Canary has. */
    @Override
    public List<Change> givenBehind(Canary canary) {
        return objects(canary).stream()
                .map(cluster::find)
                .filter(Objects::nonNull)
                .filter(live -> !live.isOwnedBy(canary) && RouteMetadata.isInHand(live))
                .filter(live -> ReleasedBy.other(cluster, canary, live).isEmpty())
                .map(live -> new Change(live, givenBack(live)))
                .toList();
    }

    /** What it leads to is ours; the rest is as somebody has it by now. */
    private static ClusterObject givenBack(ClusterObject live) {
        return live.annotation(RouteMetadata.ORIGINAL) == null
                ? live.edited(edit -> edit.withoutAnnotations(RouteMetadata::isNote))
                : RouteMetadata.original(live)
                        .map(
                                found ->
                                        withContent(
                                                        live,
                                                        ReleasedService.content(found.at("/spec")))
                                                .edited(
                                                        edit ->
                                                                RouteMetadata.giveBackNotes(
                                                                        found, edit)))
                        .orElse(live);
    }

    /**
     * A copy that shows what the target does; one that was there before us keeps what else it has.
     */
    private static Change copied(
            Canary canary, Target target, Ref ref, @Nullable ClusterObject live) {
        var content = ReleasedService.content(target.object().at("/spec"));
        if (live != null && ReleasedService.isOtherwiseFound(live.at("/spec"), content)) {
            throw Refusal.invalid(
                    "service %s is %s and its copy %s is not, which no API server lets change (spec.clusterIP): make the target so again, or delete the copy when nobody uses it"
                            .formatted(
                                    target.object().ref().dotted(),
                                    ReleasedService.isHeadless(content)
                                            ? "headless"
                                            : "not headless",
                                    ref.dotted()));
        }
        var service = canary.getSpec().service();
        String distribution = service == null ? null : service.trafficDistribution();
        if (distribution != null && !distribution.isEmpty()) {
            content.put("trafficDistribution", distribution);
        }
        if (live == null || live.isOwnedBy(canary)) {
            var before = live == null ? ClusterObject.blank(ref) : live;
            return ManagedBy.relabelled(
                    new Change(
                            live,
                            withContent(before, content)
                                    .edited(
                                            edit -> {
                                                if (live == null) {
                                                    edit.ownedBy(canary);
                                                }
                                                edit.annotate(notes(target.object()));
                                                edit.label(Labels.copied(target.object().labels()));
                                                note(target, edit);
                                            })));
        }
        return new Change(
                live,
                leading(live, content)
                        .edited(
                                edit -> {
                                    note(target, edit);
                                    edit.annotate(
                                            TargetKind.RELEASED_BY, canary.getMetadata().getName());
                                    RouteMetadata.keepOriginal(live, edit);
                                }));
    }

    private static void note(Target target, Edit edit) {
        edit.annotate(Primaries.REVISION, target.revision());
    }

    private static ClusterObject leading(ClusterObject live, JsonNode content) {
        var after = withContent(live, content);
        return after.equals(live) ? live : after.edited(edit -> edit.annotate(RouteMetadata.FLUX));
    }

    private static ClusterObject withContent(ClusterObject live, JsonNode content) {
        return live.edited(
                edit -> edit.put("spec", ReleasedService.with(live.at("/spec"), content)));
    }

    /** Annotations that a copy takes from the target. */
    private static Map<String, String> notes(ClusterObject target) {
        var notes = new TreeMap<>(Labels.withoutFlux(target.annotations()));
        notes.keySet()
                .removeIf(
                        key ->
                                key.equals(RouteMetadata.KUBECTL_APPLIED)
                                        || key.startsWith(ClusterObject.OURS));
        return notes;
    }

    /** Whose endpoints are not found by a selector has them by its name, which a copy has not. */
    private static void refuseUncopied(Target target) {
        var spec = target.object().at("/spec");
        if (!spec.path("type").asText().equals("ExternalName") && spec.path("selector").isEmpty()) {
            throw Refusal.invalid(
                    "service %s has no spec.selector, so that its copies for primary and canary would lead nowhere: give it one, or make it an ExternalName"
                            .formatted(target.object().ref().dotted()));
        }
    }
}
