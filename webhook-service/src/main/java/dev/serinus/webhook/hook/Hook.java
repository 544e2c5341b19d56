package dev.serinus.webhook.hook;

import dev.serinus.schemas.canary.SpecSize;
import dev.serinus.schemas.events.HookType;
import dev.serinus.schemas.events.WebhookCall;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One entry of spec.analysis.webhooks, all that this service keeps of a Canary. Everything is as
 * written; what has the wrong type counts as absent, so that one bad entry harms only itself.
 *
 * @param metadata sorted by key, as Flagger sends it
 * @param method POST where none is written
 * @param headers those that the manifest shows
 * @param secret name of the Secret that has more of them; empty for none
 */
public record Hook(
        String name,
        @Nullable HookType type,
        String url,
        @Nullable String timeout,
        int retries,
        boolean disableTLS,
        Map<String, String> metadata,
        String method,
        Map<String, String> headers,
        String secret) {

    private static final Hook NONE = new Hook("", null, "", null, 0, false, Map.of());
    private static final long REFERENCE = 8;
    private static final long OBJECTS = 200;

    /** A POST without headers of the manifest's. */
    public Hook(
            String name,
            @Nullable HookType type,
            String url,
            @Nullable String timeout,
            int retries,
            boolean disableTLS,
            Map<String, String> metadata) {
        this(name, type, url, timeout, retries, disableTLS, metadata, "POST", Map.of(), "");
    }

    /** The hooks of a Canary, each at its place. */
    public static List<Hook> of(GenericKubernetesResource canary) {
        Map<?, ?> analysis = map(SpecSize.specOf(canary).get("analysis"));
        return analysis.get("webhooks") instanceof List<?> hooks
                ? hooks.stream().map(hook -> read(map(hook))).toList()
                : List.of();
    }

    /** What the last event of a Canary needs: the event hooks, each at its place. */
    public static List<Hook> events(List<Hook> hooks) {
        return hooks.stream().map(hook -> hook.isTold() ? hook : NONE).toList();
    }

    /** True for one that is told what happened and decides nothing. */
    private boolean isTold() {
        return type != null && !dev.serinus.schemas.hook.HookType.valueOf(type.name()).answers();
    }

    /** About how many bytes they take. */
    public static long bytes(List<Hook> hooks) {
        return hooks.stream().mapToLong(Hook::bytes).sum();
    }

    private long bytes() {
        return equals(NONE)
                ? REFERENCE
                : OBJECTS
                        + 2L
                                * (name.length()
                                        + url.length()
                                        + method.length()
                                        + secret.length()
                                        + length(metadata)
                                        + length(headers));
    }

    private static long length(Map<String, String> texts) {
        return texts.entrySet().stream()
                .mapToLong(each -> OBJECTS + each.getKey().length() + each.getValue().length())
                .sum();
    }

    /**
     * The hook that a call means: the one at its place, or, when the manifest was reordered since,
     * the only one left of that name and type.
     */
    static Optional<Hook> find(List<Hook> hooks, WebhookCall call) {
        if (call.getHook() >= 0 && call.getHook() < hooks.size()) {
            Hook there = hooks.get(call.getHook());
            if (there.isMeantBy(call)) {
                return Optional.of(there);
            }
        }
        List<Hook> alike = hooks.stream().filter(hook -> hook.isMeantBy(call)).toList();
        return alike.size() == 1 ? Optional.of(alike.getFirst()) : Optional.empty();
    }

    private boolean isMeantBy(WebhookCall call) {
        return name.equals(call.getName()) && type == call.getType();
    }

    private static Hook read(Map<?, ?> hook) {
        return new Hook(
                text(hook.get("name")),
                type(text(hook.get("type"))),
                text(hook.get("url")),
                hook.get("timeout") instanceof String timeout ? timeout : null,
                hook.get("retries") instanceof Number retries ? Math.max(0, retries.intValue()) : 0,
                Boolean.TRUE.equals(hook.get("disableTLS")),
                texts(hook.get("metadata")),
                text(hook.get("method")).isEmpty() ? "POST" : text(hook.get("method")),
                texts(hook.get("headers")),
                text(map(hook.get("secretRef")).get("name")));
    }

    private static Map<String, String> texts(@Nullable Object written) {
        var texts = new TreeMap<String, String>();
        map(written).forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
        return texts;
    }

    private static @Nullable HookType type(String written) {
        return dev.serinus.schemas.hook.HookType.of(written)
                .map(type -> HookType.valueOf(type.name()))
                .orElse(null);
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    /** Leaves out the URL, the metadata and the headers, which may be secrets. */
    @Override
    public String toString() {
        return "Hook[" + name + " " + type + "]";
    }
}
