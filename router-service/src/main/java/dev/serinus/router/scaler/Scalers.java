package dev.serinus.router.scaler;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.ManagedBy;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.objects.ScaleTargetRef;
import dev.serinus.router.workload.Labels;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.AutoscalerRef;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * What a Canary's {@code autoscalerRef} asks for: the primary gets a copy of the target's
 * autoscaler, which follows the target's only with a promotion, and the target's is held still
 * while the target has no pods. A Canary that names none needs nothing.
 */
public final class Scalers {

    private static final List<Scaler> KINDS =
            List.of(new HorizontalPodAutoscaler(), new ScaledObject());

    private final Cluster cluster;

    public Scalers(Cluster cluster) {
        this.cluster = cluster;
    }

    /** A Canary's autoscaler, by name, and what is known about its kind. */
    private record Named(AutoscalerRef by, Scaler kind, Ref target, Ref primary) {}

    /** All kinds of autoscalers. */
    static List<Kind> kinds() {
        return KINDS.stream().map(Scaler::kind).toList();
    }

    /** Names the target's autoscaler and the primary's; empty when the Canary asks for none. */
    static List<Ref> asked(Canary canary) {
        return named(canary).map(it -> List.of(it.target(), it.primary())).orElse(List.of());
    }

    /** Those of the Canary that it asks for no more. */
    public FormerScalers former() {
        return new FormerScalers(cluster);
    }

    /**
     * What is to change so that the primary has an autoscaler: one that is there keeps what was
     * promoted, but has what the Canary itself asks for.
     *
     * @throws Refusal as invalid where what is asked for does not fit what was promoted, or another
     *     workload's has its name
     */
    public Optional<Change> present(Canary canary, Target target) {
        return named(canary)
                .map(
                        named -> {
                            var live = cluster.find(named.primary());
                            if (live == null) {
                                return copied(canary, target, named, null);
                            }
                            if (isAnothers(canary, live)) {
                                throw Refusal.invalid(
                                        "%s %s is there already, and is of another workload than %s-primary (spec.scaleTargetRef): the primary's autoscaler gets this name; give that one another"
                                                .formatted(
                                                        live.ref().kind().name(),
                                                        live.ref().dotted(),
                                                        target.name()));
                            }
                            return new Change(live, asked(named, live));
                        });
    }

    /** True for one that nobody made for the primary. */
    private static boolean isAnothers(Canary canary, ClusterObject live) {
        return !live.isOwnedBy(canary)
                && !ScaleTargetRef.of(live)
                        .name()
                        .equals(canary.getSpec().targetRef().name() + "-primary");
    }

    /** The primary's, if it is there. */
    private Optional<ClusterObject> ofPrimary(Canary canary, Named named) {
        return Optional.ofNullable(cluster.find(named.primary()))
                .filter(live -> !isAnothers(canary, live));
    }

    /**
     * What the Canary asks for in the primary's autoscaler, and why that has no effect; empty where
     * all has one.
     *
     * @param copy how that is to be
     */
    public String misplaced(Canary canary, Change copy) {
        return named(canary)
                .map(named -> named.kind().misplaced(named.by(), copy.desired().at("/spec")))
                .filter(all -> !all.isEmpty())
                .map(
                        all ->
                                "spec.autoscalerRef: %s without effect, since %s has no trigger of this name, or none with a query; name a trigger so, and metadata other than its query in primaryScalerTriggers"
                                        .formatted(String.join(", ", all), copy.ref().dotted()))
                .orElse("");
    }

    /** The same for one that may be lost: when the target's is gone too, there is none to copy. */
    public Optional<Change> lost(Canary canary, Target target) {
        return named(canary)
                .filter(
                        named ->
                                cluster.find(named.target()) != null
                                        || cluster.find(named.primary()) != null)
                .flatMap(_ -> present(canary, target));
    }

    private static ClusterObject asked(Named named, ClusterObject live) {
        var kind = named.kind();
        var held = HeldMinimum.of(live);
        var own = held.map(it -> it.off(live, kind)).orElse(live);
        ObjectNode spec = own.json().withObjectProperty("spec").deepCopy();
        kind.ask(named.by(), spec);
        var after = own.edited(edit -> edit.put("spec", spec));
        if (kind.minimum(after) > kind.maximum(after)) {
            throw Refusal.invalid(
                    "spec.autoscalerRef.primaryScalerReplicas makes %s begin with %d pods and have %d at most, with what was promoted; give minReplicas and maxReplicas"
                            .formatted(
                                    live.ref().dotted(), kind.minimum(after), kind.maximum(after)));
        }
        int least = Math.min(kind.least(live), kind.maximum(after));
        return held.filter(_ -> kind.least(after) < least)
                .map(it -> HeldMinimum.begun(after, kind, it.until()).on(after, kind, least))
                .orElse(after);
    }

    /** Names the primary's autoscaler; empty when the Canary asks for none. */
    public static Optional<Ref> primary(Canary canary) {
        return named(canary).map(Named::primary);
    }

    /**
     * What is to change so that the primary's autoscaler is as the target's is now, but that it
     * leaves the primary a pod until the run ends. Another workload's is left alone.
     */
    public Optional<Change> promoted(Canary canary, Target target, Instant now) {
        return named(canary)
                .filter(
                        named ->
                                Optional.ofNullable(cluster.find(named.primary()))
                                        .filter(live -> isAnothers(canary, live))
                                        .isEmpty())
                .map(
                        named -> {
                            var live = cluster.find(named.primary());
                            var copy = copied(canary, target, named, live);
                            var until =
                                    Optional.ofNullable(live)
                                            .flatMap(HeldMinimum::of)
                                            .map(HeldMinimum::until)
                                            .orElse(now);
                            return new Change(live, awake(copy.desired(), named.kind(), until));
                        });
    }

    private static ClusterObject awake(ClusterObject scaler, Scaler kind, Instant until) {
        return kind.least(scaler) > 0
                ? scaler
                : HeldMinimum.begun(scaler, kind, until).on(scaler, kind, 1);
    }

    /**
     * What is to change so that the primary's autoscaler decides alone, but that it leaves the
     * primary a pod: while a canary is there, its traffic may come back at any time.
     */
    public Optional<Change> letGoButOne(Canary canary, Instant now) {
        return primarys(
                canary,
                (kind, live) -> {
                    var held = HeldMinimum.of(live);
                    return awake(
                            held.map(it -> it.off(live, kind)).orElse(live),
                            kind,
                            held.map(HeldMinimum::until).orElse(now));
                });
    }

    /**
     * True where an autoscaler sizes target or primary, also one of which the Canary says nothing,
     * and where that cannot be told. KEDA makes one of these as well.
     */
    public boolean isSizedByAny(Canary canary, Target target) {
        if (named(canary).isPresent()) {
            return true;
        }
        var kind = target.object().ref().kind();
        try {
            return cluster
                    .list(Kind.AUTOSCALER, canary.getMetadata().getNamespace(), Map.of())
                    .stream()
                    .map(ScaleTargetRef::of)
                    .anyMatch(
                            it ->
                                    it.isOf(kind, target.name())
                                            || it.isOf(kind, target.name() + "-primary"));
        } catch (Refusal unknown) {
            return true;
        }
    }

    /** True when the primary's autoscaler takes all its pods away when there is nothing to do. */
    public boolean mayStop(Canary canary) {
        return named(canary).filter(named -> named.kind().wakes()).isPresent();
    }

    /** What is to change so that a target without pods stays without. */
    public Optional<Change> paused(Canary canary) {
        return changed(canary, Scaler::pause);
    }

    /** What is to change so that the target's autoscaler does its work. */
    public Optional<Change> resumed(Canary canary) {
        return changed(canary, Scaler::resume);
    }

    /** The same when the Canary goes: then nothing of ours stays on it. */
    public Optional<Change> restored(Canary canary) {
        return changed(canary, Scalers::letGo);
    }

    /** The same of one that the target had before; nothing where it is not held still. */
    static Optional<Change> resumed(ClusterObject live) {
        return KINDS.stream()
                .filter(it -> it.kind().equals(live.ref().kind()))
                .filter(it -> !live.edited(it::resume).equals(live))
                .findFirst()
                .map(it -> new Change(live, live.edited(edit -> letGo(it, edit))));
    }

    private static void letGo(Scaler scaler, Edit edit) {
        scaler.resume(edit);
        edit.withoutAnnotations(key -> key.startsWith(ClusterObject.OURS));
    }

    /** With how many pods the target begins; nothing when no autoscaler says so. */
    public Optional<Integer> minimum(Canary canary) {
        return named(canary)
                .map(
                        named -> {
                            var found = cluster.find(named.target());
                            return found == null ? 1 : Math.max(1, named.kind().minimum(found));
                        });
    }

    /** To how many pods the primary's autoscaler goes at most; nothing where it has none. */
    public Optional<Integer> primaryMaximum(Canary canary) {
        return named(canary).flatMap(named -> ofPrimary(canary, named).map(named.kind()::maximum));
    }

    /**
     * What is to change so that the primary's autoscaler leaves it at least so many pods, as far as
     * it gives so many at all; nothing where it does already.
     *
     * @param until when it may have its own minimum again
     */
    public Optional<Change> held(Canary canary, int pods, Instant until) {
        return primarys(
                canary,
                (kind, live) -> {
                    int least = Math.min(pods, kind.maximum(live));
                    return kind.least(live) >= least
                            ? live
                            : HeldMinimum.of(live)
                                    .orElseGet(() -> HeldMinimum.begun(live, kind, until))
                                    .until(until)
                                    .on(live, kind, least);
                });
    }

    /** What is to change so that what is held stays so until then. */
    public Optional<Change> heldOn(Canary canary, Instant until) {
        return primarys(
                canary,
                (kind, live) ->
                        HeldMinimum.of(live)
                                .map(held -> held.until(until).on(live, kind, kind.minimum(live)))
                                .orElse(live));
    }

    /** Until when the primary's autoscaler is held; empty where it is not. */
    public Optional<Instant> heldUntil(Canary canary) {
        return named(canary)
                .flatMap(named -> ofPrimary(canary, named))
                .flatMap(HeldMinimum::of)
                .map(HeldMinimum::until);
    }

    /** What is to change so that the primary's autoscaler has its own minimum again. */
    public Optional<Change> letGo(Canary canary) {
        return primarys(
                canary,
                (kind, live) ->
                        HeldMinimum.of(live).map(held -> held.off(live, kind)).orElse(live));
    }

    /**
     * The same of any object when nobody of us is there any more: an autoscaler of which the
     * minimum is held has its own, and everything else is as it was.
     *
     * @param object as the API server has it
     */
    public static ObjectNode unheld(ObjectNode object) {
        var metadata = object.path("metadata");
        return KINDS.stream()
                .filter(it -> it.kind().name().equals(object.path("kind").asText()))
                .findFirst()
                .flatMap(
                        it -> {
                            var ref =
                                    it.kind()
                                            .named(
                                                    metadata.path("namespace").asText(),
                                                    metadata.path("name").asText());
                            var live = new ClusterObject(ref, object);
                            return HeldMinimum.of(live).map(held -> held.off(live, it).json());
                        })
                .orElse(object);
    }

    private Optional<Change> primarys(
            Canary canary, BiFunction<Scaler, ClusterObject, ClusterObject> turn) {
        return named(canary)
                .flatMap(
                        named ->
                                ofPrimary(canary, named)
                                        .map(
                                                live ->
                                                        new Change(
                                                                live,
                                                                turn.apply(named.kind(), live))))
                .filter(Change::isEffective);
    }

    private Optional<Change> changed(Canary canary, BiConsumer<Scaler, Edit> turn) {
        return named(canary)
                .filter(named -> named.kind().wakes())
                .flatMap(
                        named -> {
                            var live = cluster.find(named.target());
                            return live == null
                                    ? Optional.empty()
                                    : Optional.of(
                                            new Change(
                                                    live,
                                                    live.edited(
                                                            edit ->
                                                                    turn.accept(
                                                                            named.kind(), edit))));
                        });
    }

    private Change copied(Canary canary, Target target, Named named, @Nullable ClusterObject live) {
        var source = cluster.find(named.target());
        if (source == null) {
            throw Refusal.missing(named.kind().title(), named.target());
        }
        ObjectNode spec = source.json().withObjectProperty("spec").deepCopy();
        spec.withObjectProperty("scaleTargetRef").put("name", target.name() + "-primary");
        named.kind().toPrimary(target, spec);
        named.kind().ask(named.by(), spec);
        Consumer<Edit> copy =
                edit -> {
                    edit.label(Labels.copied(source.labels())).put("spec", spec);
                    edit.withoutAnnotations(HeldMinimum.ANNOTATION::equals);
                    named.kind().annotate(source, edit);
                };
        return live == null
                ? new Change(
                        null,
                        ClusterObject.blank(named.primary())
                                .edited(copy.andThen(edit -> edit.ownedBy(canary))))
                : ManagedBy.relabelled(new Change(live, live.edited(copy)));
    }

    private static Optional<Named> named(Canary canary) {
        AutoscalerRef by = canary.getSpec().autoscalerRef();
        if (by == null) {
            return Optional.empty();
        }
        String namespace = canary.getMetadata().getNamespace();
        // A kind that nobody knows is none, as in Flagger.
        return KINDS.stream()
                .filter(it -> it.kind().name().equals(by.kind()))
                .findFirst()
                .map(
                        it ->
                                new Named(
                                        by,
                                        it,
                                        it.kind().named(namespace, by.name()),
                                        it.kind().named(namespace, by.name() + "-primary")));
    }
}
