package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;
import static dev.serinus.schemas.admission.Subject.list;

import dev.serinus.schemas.canary.CanaryAnalysis;
import dev.serinus.schemas.canary.CanaryWebhook;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.events.GateTimeout;
import dev.serinus.schemas.events.OnGateTimeout;
import dev.serinus.schemas.events.Predecessor;
import dev.serinus.schemas.events.ReturnsWithin;
import dev.serinus.schemas.events.SpecRules;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.HookType.Meaning;
import dev.serinus.schemas.mesh.Kubernetes;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rules for what a Canary says of its runs beyond Flagger: a failed analysis that is held, gates
 * that do not stay closed for ever. None of it is Flagger's, so that nothing has to run that would
 * have no effect.
 */
final class RunRules {

    private static final Duration HOLD_TIMEOUT = Duration.ofHours(24);

    /** Who waits longer has forgotten it. */
    private static final Duration MOST = Duration.ofDays(30);

    private static final String GATES =
            Stream.of(HookType.values())
                    .filter(type -> type.meaning() instanceof Meaning.Confirms)
                    .map(HookType::word)
                    .collect(Collectors.joining(", "));

    private static final String ON_FAILURE = "spec.analysis.onFailure";
    private static final String RETURNS = "spec.analysis.rollbackWindow";
    private static final int MOST_REVISIONS = 20;
    private static final String HOLD = "spec.analysis.holdTimeout";
    private static final String HOLDS = "hold";

    /** What may follow where something was waited for too long. */
    static final Set<String> ON_TIMEOUT = Set.of("proceed", "fail", HOLDS);

    /** What follows when an analysis fails. */
    private enum OnFailure {
        ROLLBACK,
        HOLD;

        static final Set<String> WORDS =
                Stream.of(values()).map(OnFailure::word).collect(Collectors.toUnmodifiableSet());

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private RunRules() {}

    static void check(Subject subject, Findings findings) {
        var analysis = subject.analysis();
        findings.unlessOneOf(OnFailure.WORDS, analysis.onFailure(), ON_FAILURE);
        if (given(analysis.holdTimeout())) {
            time(analysis.holdTimeout(), HOLD, findings);
            findings.when(
                    !holds(analysis)
                            && list(analysis.webhooks()).stream().noneMatch(RunRules::holds)
                            && list(subject.spec().after()).stream()
                                    .noneMatch(one -> HOLDS.equals(one.onTimeout()))
                            && (subject.spec().group() == null
                                    || !HOLDS.equals(subject.spec().group().onTimeout())),
                    HOLD,
                    "has no effect: nothing is ever held for people; give onFailure: hold, or"
                            + " onGateTimeout: hold of a webhook, or leave it out");
        }
        returns(analysis, findings);
        findings.unlessOneOf(
                Set.of("now", "nextRun"), analysis.planChanges(), "spec.analysis.planChanges");
        var hooks = list(analysis.webhooks());
        int most = Math.min(hooks.size(), subject.installation().limits().webhooks());
        for (var i = 0; i < most; i++) {
            String path = "spec.analysis.webhooks[" + i + "]";
            gate(hooks.get(i), path, findings);
            if (given(hooks.get(i).gateTimeout())) {
                name(hooks.get(i), hooks.subList(0, most), path, findings);
            }
        }
    }

    private static void returns(CanaryAnalysis analysis, Findings findings) {
        var window = analysis.rollbackWindow();
        if (window == null) {
            return;
        }
        Integer revisions = window.revisions();
        findings.when(
                revisions == null && !given(window.within()),
                RETURNS,
                "has no effect: give revisions, within, or both");
        findings.when(
                revisions != null && (revisions < 1 || revisions > MOST_REVISIONS),
                RETURNS + ".revisions",
                "must be 1 to %d, was %s".formatted(MOST_REVISIONS, revisions));
        if (given(window.within())) {
            time(window.within(), RETURNS + ".within", findings);
        }
    }

    /** How long a gate is closed is known by the name of its webhook. */
    private static void name(
            CanaryWebhook hook, List<CanaryWebhook> all, String path, Findings findings) {
        long same =
                all.stream()
                        .filter(other -> Objects.equals(other.type(), hook.type()))
                        .filter(other -> Objects.equals(other.name(), hook.name()))
                        .count();
        findings.when(
                same > 1,
                path + ".name",
                "must differ from those of all other webhooks of type %s, since this one has a gateTimeout, was %s"
                        .formatted(hook.type(), hook.name()));
    }

    private static void gate(CanaryWebhook hook, String path, Findings findings) {
        limit(
                hook.gateTimeout(),
                hook.onGateTimeout(),
                path + ".gateTimeout",
                path + ".onGateTimeout",
                findings);
        findings.when(
                given(hook.gateTimeout())
                        && !HookType.of(hook.type())
                                .map(type -> type.meaning() instanceof Meaning.Confirms)
                                .orElse(true),
                path + ".gateTimeout",
                "has no effect: only webhooks of type "
                        + GATES
                        + " keep a gate closed; the time limit of a call is timeout");
    }

    /** How long something is waited for, and what follows then; both have their path. */
    static void limit(
            @Nullable String timeout,
            @Nullable String then,
            String path,
            String thenPath,
            Findings findings) {
        findings.unlessOneOf(ON_TIMEOUT, then, thenPath);
        if (given(timeout)) {
            time(timeout, path, findings);
            return;
        }
        findings.when(
                given(then),
                thenPath,
                "has no effect: it is waited for as long as it takes; give %s as well, or leave it out"
                        .formatted(path.substring(path.lastIndexOf('.') + 1)));
    }

    private static void time(@Nullable String written, String path, Findings findings) {
        findings.when(
                read(written).isEmpty(),
                path,
                "must be a time above 0 such as 30m or 2h, no longer than 720h, was " + written);
    }

    private static Optional<Duration> read(@Nullable String written) {
        return Optional.ofNullable(written)
                .flatMap(Durations::parse)
                .filter(it -> it.toMillis() > 0 && it.compareTo(MOST) <= 0);
    }

    private static boolean holds(CanaryAnalysis analysis) {
        return OnFailure.HOLD.word().equals(analysis.onFailure());
    }

    private static boolean holds(CanaryWebhook hook) {
        return HOLDS.equals(hook.onGateTimeout());
    }

    /** What an admitted Canary says of its runs; null where it says nothing. */
    static @Nullable SpecRules of(Subject subject) {
        CanaryAnalysis analysis = subject.analysis();
        List<Predecessor> after = WaveRules.of(subject);
        List<String> awaitedBy = list(subject.spec().awaitedBy());
        var group = GroupRules.of(subject);
        var window = analysis.rollbackWindow();
        boolean shortens = "now".equals(analysis.planChanges());
        boolean byReplicas = subject.mesh().equals(Kubernetes.BY_REPLICAS);
        boolean proportional = PodRules.areProportional(analysis) || byReplicas;
        return holds(analysis)
                        || given(analysis.holdTimeout())
                        || window != null
                        || shortens
                        || proportional
                        || !after.isEmpty()
                        || !awaitedBy.isEmpty()
                        || group != null
                ? new SpecRules(
                        holds(analysis),
                        read(analysis.holdTimeout()).orElse(HOLD_TIMEOUT).toMillis(),
                        window == null
                                ? null
                                : new ReturnsWithin(
                                        window.revisions(),
                                        read(window.within()).map(Duration::toMillis).orElse(null)),
                        shortens,
                        after,
                        proportional,
                        awaitedBy,
                        group,
                        byReplicas)
                : null;
    }

    /** How long an admitted webhook may keep its gate closed; null for as long as it likes. */
    static @Nullable GateTimeout limit(CanaryWebhook hook) {
        return limit(hook.gateTimeout(), hook.onGateTimeout());
    }

    /** How long something is waited for, fail when nothing else is said; null for ever. */
    static @Nullable GateTimeout limit(@Nullable String timeout, @Nullable String then) {
        return read(timeout).map(time -> new GateTimeout(time.toMillis(), then(then))).orElse(null);
    }

    /** What follows where something was waited for too long. */
    static OnGateTimeout then(@Nullable String written) {
        return given(written)
                ? OnGateTimeout.valueOf(String.valueOf(written).toUpperCase(Locale.ROOT))
                : OnGateTimeout.FAIL;
    }
}
