package dev.serinus.schemas.manifest;

import dev.serinus.schemas.canary.CanaryWebhook;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.hook.HookFactNames;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.HookType.Meaning;
import dev.serinus.schemas.manifest.ServiceRules.LoadTesterHook;
import dev.serinus.schemas.outgoing.Addresses;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What of valid hooks does not do what its author may think. */
final class HookMistakes {

    private static final Pattern FACT =
            Pattern.compile("\\{\\{\\s*([A-Za-z][A-Za-z0-9_]*)\\s*\\}\\}");
    private static final Pattern LOAD_TESTER = Pattern.compile(".*load-?tester.*");
    private static final Pattern BARE_NAME = Pattern.compile("[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?");
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

    private final List<String> found = new ArrayList<>();
    private final ServiceRules services;
    private final Set<String> hosts = new HashSet<>();

    private HookMistakes(ServiceRules services) {
        this.services = services;
    }

    /** A sentence for each, which begins with the path. */
    static List<String> of(List<CanaryWebhook> hooks, ServiceRules services) {
        var mistakes = new HookMistakes(services);
        Map<String, Integer> gates = new HashMap<>();
        for (int place = 0; place < hooks.size(); place++) {
            CanaryWebhook hook = hooks.get(place);
            String path = "spec.analysis.webhooks[" + place + "]";
            mistakes.facts(hook, path);
            mistakes.gate(hook, path, gates, place);
            mistakes.loadTester(hook, path);
            mistakes.host(hook, path + ".url");
            mistakes.request(hook, path + ".metadata.method");
        }
        return mistakes.found;
    }

    private void facts(CanaryWebhook hook, String path) {
        facts(hook.url(), path + ".url", true);
        orNone(hook.headers())
                .forEach((key, value) -> facts(value, path + ".headers." + Finding.cut(key), true));
        // A command may hold templates of its own: only what is nearly a fact was meant to be one.
        orNone(hook.metadata())
                .forEach(
                        (key, value) ->
                                facts(value, path + ".metadata." + Finding.cut(key), false));
    }

    private void facts(String text, String path, boolean anyWord) {
        var places = FACT.matcher(text);
        while (places.find()) {
            String written = places.group(1);
            Optional<String> meant = Slips.nearest(written, HookFactNames.ALL);
            if (HookFactNames.ALL.contains(written) || (meant.isEmpty() && !anyWord)) {
                continue;
            }
            found.add(
                    "%s: {{ %s }} is none of the facts %s, so it is sent as it stands%s"
                            .formatted(
                                    path,
                                    Finding.cut(written),
                                    String.join(", ", HookFactNames.ALL),
                                    meant.map("; is %s meant?"::formatted).orElse("")));
        }
    }

    private void gate(CanaryWebhook hook, String path, Map<String, Integer> gates, int place) {
        boolean isGate =
                HookType.of(hook.type())
                        .filter(type -> type.meaning() instanceof Meaning.Confirms)
                        .isPresent();
        if (!isGate) {
            return;
        }
        Integer other = gates.putIfAbsent(hook.name(), place);
        if (other != null) {
            found.add(
                    "%s.name: is that of the gate webhooks[%d] too, so that whoever opens '%s' does not say which: names of gates should differ"
                            .formatted(path, other, Finding.cut(hook.name())));
        }
    }

    private void loadTester(CanaryWebhook hook, String path) {
        Optional<URI> address = address(hook).filter(it -> isOfALoadTester(it.getHost()));
        Optional<HookType> type = HookType.of(hook.type());
        Optional<Duration> timeout = Durations.webhookTimeout(hook.timeout());
        if (address.isEmpty() || type.isEmpty() || timeout.isEmpty() || isGet(hook)) {
            return;
        }
        var asked =
                new LoadTesterHook(
                        type.get(),
                        Objects.requireNonNullElse(address.get().getPath(), ""),
                        orNone(hook.metadata()),
                        timeout.get());
        for (String problem : services.problems(asked)) {
            found.add(path + "." + problem + " (the address looks like a load tester's)");
        }
    }

    /** Flagger looks names up where it runs, too. */
    private void host(CanaryWebhook hook, String path) {
        address(hook)
                .map(URI::getHost)
                .filter(BARE_NAME.asMatchPredicate())
                .filter(host -> !host.equalsIgnoreCase("localhost") && hosts.add(host))
                .ifPresent(
                        host ->
                                found.add(
                                        "%s: %s names no namespace, so that it is looked up in that of Serinus' webhook service, which calls, and not in the Canary's; write %s.NAMESPACE"
                                                .formatted(path, host, host)));
    }

    /** All of the metadata is sent beside what every hook is sent. */
    private void request(CanaryWebhook hook, String path) {
        String written = orNone(hook.metadata()).getOrDefault("method", "");
        if (METHODS.contains(written)) {
            found.add(
                    "%s: is sent as any other word and makes no request of its own: the hook is a %s with Serinus' payload, in which the metadata are; its method is webhooks[].method, and a service that wants another body needs something between"
                            .formatted(path, isGet(hook) ? "GET" : "POST"));
        }
    }

    private static Optional<URI> address(CanaryWebhook hook) {
        return Addresses.parse(FACT.matcher(hook.url()).replaceAll("1"));
    }

    private static boolean isGet(CanaryWebhook hook) {
        return "GET".equals(hook.method());
    }

    private static boolean isOfALoadTester(String host) {
        return LOAD_TESTER.matcher(host.toLowerCase(Locale.ROOT).split("\\.")[0]).matches();
    }

    private static Map<String, String> orNone(@Nullable Map<String, String> written) {
        return written == null ? Map.of() : written;
    }
}
