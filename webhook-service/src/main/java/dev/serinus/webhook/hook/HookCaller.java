package dev.serinus.webhook.hook;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.HeaderRules;
import dev.serinus.schemas.canary.ManifestLimits;
import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.events.EventText;
import dev.serinus.schemas.events.WebhookCall;
import dev.serinus.schemas.hook.HookMethods;
import dev.serinus.schemas.hook.HookTimeout;
import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.Call;
import dev.serinus.schemas.outgoing.HookBody;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;
import dev.serinus.schemas.outgoing.Redaction;
import dev.serinus.schemas.outgoing.Retry;
import dev.serinus.schemas.outgoing.Signer;
import dev.serinus.schemas.outgoing.Sleeper;
import dev.serinus.schemas.telemetry.TraceContext;
import dev.serinus.schemas.topic.CanaryKey;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Calls one hook, with its retries. Between two attempts it takes nobody's turn.
 *
 * @param limits refuse a hook that admission has refused, or would have
 * @param traced each call says where it is in the trace of its rollout
 * @param secrets where headers are that the manifest does not show
 */
public record HookCaller(
        OutgoingClient client,
        Signer signer,
        InstantSource clock,
        Sleeper sleeper,
        ManifestLimits limits,
        boolean traced,
        SecretHeaders secrets) {

    /** In less time nobody could be asked again often enough. */
    private static final Duration SHORTEST_POLLED = Duration.ofSeconds(10);

    /** Keys of metadata whose values are names and numbers, and what such a value looks like. */
    private static final Set<String> WORDS =
            Set.of(
                    "type",
                    "configMap",
                    "logCmdOutput",
                    "returnCmdOutput",
                    "pollInterval",
                    "pollTimeout");

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9.-]{1,63}");

    /** Seconds that a hook which can answer later may take to answer at once. */
    private static final long LONGEST_WAIT = 5;

    Verdict call(Hook written, CanaryKey canary, WebhookCall call) throws InterruptedException {
        Hook hook = HookFacts.of(call).in(written);
        Optional<URI> address = Addresses.parse(hook.url());
        if (address.isEmpty()) {
            return Verdict.failed("the url of the webhook cannot be used");
        }
        Optional<Duration> timeout = Durations.webhookTimeout(hook.timeout());
        if (timeout.isEmpty()) {
            return Verdict.failed("the timeout of the webhook cannot be read");
        }
        Optional<String> beyond = beyond(hook, call, timeout.get());
        if (beyond.isPresent()) {
            return Verdict.failed(beyond.get());
        }
        Map<String, String> given;
        try {
            given = given(hook, canary, call);
        } catch (Unusable wrong) {
            return Verdict.failed(String.valueOf(wrong.getMessage()));
        }
        // What is not sent is not signed.
        String body =
                hook.method().equals("GET") ? "" : HookPayload.of(canary, call, hook.metadata());
        String id = id(call);
        var answer = new LongAnswer(client, sleeper, clock, canary);
        var attempts = new AtomicInteger();
        var outcome =
                Retry.upTo(
                        hook.retries(),
                        sleeper,
                        () -> {
                            Map<String, String> headers =
                                    with(given, headers(call, id, body, timeout.get()));
                            Duration later =
                                    timeout.get()
                                            .plus(Retry.LONGEST_PAUSE)
                                            .multipliedBy(
                                                    hook.retries() - attempts.getAndIncrement());
                            LongAnswer.Calls calls =
                                    (at, left) ->
                                            at == null
                                                    ? request(
                                                            hook,
                                                            hook.method(),
                                                            address.get(),
                                                            waiting(headers, left.plus(later)),
                                                            body,
                                                            left)
                                                    : request(
                                                            hook,
                                                            "GET",
                                                            at,
                                                            with(given, called(call, id, "")),
                                                            "",
                                                            left);
                            return WebhookCalls.isAnswered(call)
                                    ? answer.of(
                                            calls,
                                            address.get(),
                                            timeout.get(),
                                            isPreferred(call, timeout.get()))
                                    : client.send(canary, calls.at(null, timeout.get()));
                        });
        List<String> secrets = secretsOf(hook.metadata());
        secrets.addAll(given.values());
        return Verdict.of(outcome, hook.method(), Redaction.of(address.get(), secrets));
    }

    /** What metadata may hide; not the words in which a load tester is told what to do. */
    private static List<String> secretsOf(Map<String, String> metadata) {
        List<String> secrets = new ArrayList<>();
        metadata.forEach(
                (key, value) -> {
                    if (!WORDS.contains(key) || !WORD.matcher(value).matches()) {
                        secrets.add(value);
                    }
                });
        return secrets;
    }

    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String because) {
            super(because);
        }
    }

    /** The headers of the manifest and of its Secret, of which the latter count. */
    private Map<String, String> given(Hook hook, CanaryKey canary, WebhookCall call)
            throws Unusable {
        String path = "spec.analysis.webhooks[" + call.getHook() + "]";
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(hook.headers());
        if (!hook.secret().isEmpty()) {
            all.putAll(secret(hook.secret(), canary, path + ".secretRef"));
        }
        for (var each : all.entrySet()) {
            if (!HeaderRules.isHeader(each.getKey(), each.getValue())) {
                throw new Unusable(path + " has a header that cannot be sent: " + each.getKey());
            }
        }
        if (!HookMethods.ALL.contains(hook.method())) {
            // Of a manifest that admission did not see.
            throw new Unusable(
                    path + ".method must be one of " + String.join(", ", HookMethods.ALL));
        }
        return all;
    }

    private Map<String, String> secret(String name, CanaryKey canary, String path) throws Unusable {
        if (!ObjectNames.isName(name)) {
            throw new Unusable(path + ".name: " + ObjectNames.because(name));
        }
        try {
            return secrets.find(canary.namespace(), name)
                    .orElseThrow(
                            () ->
                                    new Unusable(
                                            path
                                                    + ": there is no Secret "
                                                    + name
                                                    + " in namespace "
                                                    + canary.namespace()));
        } catch (SecretHeaders.Unreadable trouble) {
            if (trouble.isForGood()) {
                throw new Unusable(path + ": " + trouble.getMessage());
            }
            throw new Verdict.NotAsked(path + " cannot be read now: " + trouble.getMessage());
        }
    }

    private Optional<String> beyond(Hook hook, WebhookCall call, Duration timeout) {
        String path = "spec.analysis.webhooks[" + call.getHook() + "]";
        return limits.timeout(timeout)
                .map(because -> path + ".timeout " + because)
                .or(() -> limits.retries(hook.retries()).map(it -> path + ".retries " + it))
                .or(() -> limits.metadata(hook.metadata()).map(it -> path + ".metadata " + it));
    }

    private static Map<String, String> with(Map<String, String> given, Map<String, String> own) {
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(given);
        all.putAll(own);
        return all;
    }

    /** For how long somebody waits, in this attempt and those that may follow. */
    private static Map<String, String> waiting(Map<String, String> headers, Duration time) {
        return with(headers, Map.of(HookTimeout.HEADER, HookTimeout.header(time)));
    }

    private Map<String, String> headers(
            WebhookCall call, String id, String body, Duration timeout) {
        Map<String, String> headers = called(call, id, body);
        if (isPreferred(call, timeout)) {
            long wait = Math.min(LONGEST_WAIT, timeout.toSeconds() / 2);
            headers.put("Prefer", "respond-async, wait=" + wait);
        }
        return headers;
    }

    /** In less time nobody could be asked again often enough. */
    private static boolean isPreferred(WebhookCall call, Duration timeout) {
        return WebhookCalls.isAnswered(call) && timeout.compareTo(SHORTEST_POLLED) >= 0;
    }

    /** Which call it is, and that it is ours. */
    private Map<String, String> called(WebhookCall call, String id, String body) {
        Map<String, String> headers = signer.headers(id, clock.instant(), body);
        if (traced) {
            var step = call.getStep();
            headers.put(
                    TraceContext.HEADER,
                    TraceContext.of(step.getUid(), step.getRun(), step.getStep()).header());
        }
        return headers;
    }

    /** Flagger's hooks with {@code disableTLS} go past the environment's proxies too. */
    private static Call request(
            Hook hook,
            String method,
            URI address,
            Map<String, String> headers,
            String body,
            Duration timeout) {
        var call = Call.json(method, address, body, headers, timeout);
        return hook.disableTLS() ? call.trustingAnybody().through(Proxies.none()) : call;
    }

    /**
     * The same for every delivery and attempt of one call, and where analysis asks again for want
     * of an answer, so that a receiver can tell a repetition from a new question.
     */
    static String id(WebhookCall call) {
        var step = call.getStep();
        EventText event = call.getEvent();
        String told = event == null ? "" : event.getTimestamp() + event.getMessage();
        return HookBody.id(
                "%s/%d/%d/%d/%s"
                        .formatted(
                                step.getUid(),
                                step.getRun(),
                                step.getStep(),
                                call.getHook(),
                                told));
    }
}
