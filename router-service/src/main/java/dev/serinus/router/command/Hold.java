package dev.serinus.router.command;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Conflict;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Routers;
import dev.serinus.router.scaler.FormerScalers;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import io.fabric8.kubernetes.api.model.ObjectMeta;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The claim and the finalizer on a Canary, and the providers and kinds of autoscalers that it has
 * had, all there before anything is written for it: whose it is, that it does not go before the
 * last promoted state serves again, and where there may be something of it.
 */
public record Hold(ActionContext context) {

    /** True when the watch shows all of it, and that nobody deletes the Canary: asks nothing. */
    public boolean isOn(ObjectMeta seen, Canary canary) {
        return seen.getDeletionTimestamp() == null
                && seen.getFinalizers() != null
                && seen.getFinalizers().contains(Finalizer.NAME)
                && seen.getAnnotations() != null
                && context.claims().own().equals(seen.getAnnotations().get(Claims.ANNOTATION))
                && context.routers().isNoted(canary, seen)
                && FormerScalers.isNoted(canary, seen);
    }

    /**
     * Puts on what is missing, in one write. Of two installations that come at once the API server
     * lets one be first. A Canary that goes or is another's gets nothing but this answer.
     */
    public void take(Canary canary) {
        var ref =
                Kind.CANARY.named(
                        canary.getMetadata().getNamespace(), canary.getMetadata().getName());
        if (!isTakenAsSeen(ref, canary)) {
            takeAsItIs(ref, canary);
        }
    }

    /** False where the watch does not show enough, or is behind: then the server is asked. */
    private boolean isTakenAsSeen(Ref ref, Canary canary) {
        var seen = canary.getMetadata();
        Map<String, String> annotations =
                Objects.requireNonNullElse(seen.getAnnotations(), Map.of());
        @Nullable String claim = annotations.get(Claims.ANNOTATION);
        if (seen.getResourceVersion() == null
                || seen.getDeletionTimestamp() != null
                || context.claims().other(claim).isPresent()) {
            return false;
        }
        var finalizers =
                new LinkedHashSet<>(
                        Objects.requireNonNullElse(seen.getFinalizers(), List.<String>of()));
        finalizers.add(Finalizer.NAME);
        var notes = notes(canary, annotations::get);
        var part =
                ClusterObject.blank(ref)
                        .edited(
                                edit -> {
                                    edit.metadata()
                                            .put("uid", seen.getUid())
                                            .put("resourceVersion", seen.getResourceVersion());
                                    var all = edit.metadata().putArray("finalizers");
                                    finalizers.forEach(all::add);
                                    hold(edit, notes);
                                });
        try {
            context.cluster().put(part);
            return true;
        } catch (Conflict behind) {
            return false;
        }
    }

    private void hold(Edit edit, Map<String, String> notes) {
        edit.annotate(Claims.ANNOTATION, context.claims().own());
        edit.annotate(notes);
    }

    /**
     * What it is to say of what it has had, where there is anything to say.
     *
     * @param noted what it says now
     */
    private Map<String, String> notes(Canary canary, UnaryOperator<@Nullable String> noted) {
        Map<String, String> notes = new TreeMap<>();
        notes.put(
                Routers.PROVIDERS,
                context.routers().providers(canary, noted.apply(Routers.PROVIDERS)));
        notes.put(FormerScalers.HAD, FormerScalers.had(canary, noted.apply(FormerScalers.HAD)));
        notes.values().removeIf(String::isEmpty);
        return notes;
    }

    private void takeAsItIs(Ref ref, Canary canary) {
        var live = context.cluster().find(ref);
        if (live == null || !live.at("/metadata/deletionTimestamp").isMissingNode()) {
            throw Refusal.retry("canary %s is being deleted".formatted(ref.dotted()));
        }
        if (!live.at("/metadata/uid").asText().equals(canary.getMetadata().getUid())) {
            throw Refusal.stale("canary %s is another object now".formatted(ref.dotted()));
        }
        @Nullable String claim = live.annotation(Claims.ANNOTATION);
        context.claims()
                .other(claim)
                .ifPresent(
                        other -> {
                            throw Refusal.retry(
                                    "canary %s is %s"
                                            .formatted(
                                                    ref.dotted(),
                                                    context.claims().sentence(other)));
                        });
        String own = context.claims().own();
        var notes = notes(canary, live::annotation);
        boolean isNoted =
                notes.entrySet().stream()
                        .allMatch(it -> it.getValue().equals(live.annotation(it.getKey())));
        if (Finalizer.isOn(live) && own.equals(claim) && isNoted) {
            return;
        }
        var held = Finalizer.isOn(live) ? live : Finalizer.added(live);
        var _ = context.cluster().replace(held.edited(edit -> hold(edit, notes)));
    }
}
