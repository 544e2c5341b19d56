package dev.serinus.router.scaler;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Changes;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import io.fabric8.kubernetes.api.model.ObjectMeta;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Autoscalers of a Canary that it asks for no more: our copy for the primary, which would go on
 * setting the size of the same pods, and the target's own where it is held still by us.
 */
public record FormerScalers(Cluster cluster) {

    /**
     * On a Canary the kinds of autoscalers that it has had, with commas between: of each there may
     * be a copy still, which nobody would look for once another one is asked for.
     */
    public static final String HAD = ClusterObject.OURS + "autoscalers";

    private static final Logger log = LoggerFactory.getLogger(FormerScalers.class);

    /**
     * The kinds that a Canary has had and has.
     *
     * @param noted what it says of those it has had; null when it says nothing
     */
    public static String had(Canary canary, @Nullable String noted) {
        var all = new LinkedHashSet<>(listed(noted));
        Scalers.primary(canary).ifPresent(it -> all.add(it.kind().name()));
        return String.join(",", all);
    }

    /** True when a Canary says of itself all the kinds that it has had and has. */
    public static boolean isNoted(Canary canary, ObjectMeta seen) {
        String noted = noted(seen);
        return had(canary, noted).equals(noted == null ? "" : noted);
    }

    /** Kinds among which are copies that a Canary may have had before. */
    public static Set<Kind> searched(Canary canary) {
        var had = listed(noted(canary.getMetadata()));
        return Scalers.kinds().stream()
                .filter(kind -> had.contains(kind.name()))
                .collect(Collectors.toSet());
    }

    private static @Nullable String noted(ObjectMeta seen) {
        return seen.getAnnotations() == null ? null : seen.getAnnotations().get(HAD);
    }

    private static List<String> listed(@Nullable String noted) {
        return noted == null
                ? List.of()
                : Arrays.stream(noted.split(","))
                        .map(String::strip)
                        .filter(it -> !it.isEmpty())
                        .toList();
    }

    /** Copies for the primary that are asked for no more, as far as the watches show them. */
    public List<ClusterObject> copies(Canary canary) {
        return copies(canary, Scalers.kinds().stream().filter(cluster::isWatched));
    }

    /** All such copies, where a Canary goes; the server is asked for kinds that nobody watches. */
    public List<Ref> allCopies(Canary canary) {
        return copies(canary, known(canary)).stream().map(ClusterObject::ref).toList();
    }

    private List<ClusterObject> copies(Canary canary, Stream<Kind> kinds) {
        return others(canary, kinds).filter(it -> it.isOwnedBy(canary)).toList();
    }

    private Stream<Kind> known(Canary canary) {
        var had = searched(canary);
        return Scalers.kinds().stream()
                .filter(kind -> cluster.isWatched(kind) || had.contains(kind));
    }

    /** What is the Canary's, or was changed by it, and is not what it asks for now. */
    private Stream<ClusterObject> others(Canary canary, Stream<Kind> kinds) {
        var asked = Scalers.asked(canary);
        var names = asked.stream().map(it -> it.kind().name()).collect(Collectors.toSet());
        return kinds.flatMap(kind -> madeFor(canary, kind, names.contains(kind.name())).stream())
                .filter(ref -> asked.stream().noneMatch(ref::isSameObject))
                .map(cluster::find)
                .filter(Objects::nonNull);
    }

    /**
     * Of a kind that is asked for no more nobody needs a right: whoever took that away with the
     * kind is kept from no run, and from taking the Canary away. What is left is the collector's.
     */
    private List<Ref> madeFor(Canary canary, Kind kind, boolean isAsked) {
        try {
            return cluster.madeFor(canary, kind);
        } catch (Refusal refused) {
            if (isAsked || !refused.isForbidden()) {
                throw refused;
            }
            log.atWarn()
                    .addKeyValue("canary", canary.getMetadata().getName())
                    .addKeyValue("namespace", canary.getMetadata().getNamespace())
                    .addKeyValue("because", refused.because())
                    .log("what is left of an autoscaler of before is not looked for");
            return List.of();
        }
    }

    /**
     * Deletes the copies that are asked for no more, so that no two set the size of the primary,
     * which keeps the one that it has meanwhile. They stay while what is asked for in their place
     * cannot be made.
     *
     * @param mark the step that asks for it; null for what is repaired
     * @return their names
     * @throws Refusal as stale when a later step has changed one of them
     */
    public List<Ref> deleteReplaced(Canary canary, @Nullable Mark mark) {
        var copies = copies(canary);
        if (copies.isEmpty() || isAwaited(canary)) {
            return List.of();
        }
        if (mark != null) {
            Changes.refuseStale(mark, copies.stream().map(it -> deleting(it, mark)).toList());
        }
        var refs = copies.stream().map(ClusterObject::ref).toList();
        refs.forEach(cluster::delete);
        return refs;
    }

    /** As a write of this step, which it is no less than one. */
    private static Change deleting(ClusterObject copy, Mark mark) {
        return new Change(copy, copy.edited(it -> it.annotate(Mark.ANNOTATION, mark.toString())));
    }

    /** True while neither the copy that is asked for is there nor what it would be made from. */
    private boolean isAwaited(Canary canary) {
        var asked = Scalers.asked(canary);
        return !asked.isEmpty() && asked.stream().map(cluster::find).allMatch(Objects::isNull);
    }

    /**
     * What is to change so that autoscalers which the target had before, and which are held still,
     * do their work and have nothing of ours: the target would never get pods else.
     */
    public List<Change> resumed(Canary canary) {
        return others(canary, known(canary))
                .filter(it -> !it.isOwnedBy(canary))
                .flatMap(it -> Scalers.resumed(it).stream())
                .filter(Change::isEffective)
                .toList();
    }
}
