package dev.serinus.analysis.telemetry;

import dev.serinus.analysis.journal.Decision;
import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Part;
import dev.serinus.analysis.rollout.Question;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.Stage;
import dev.serinus.schemas.telemetry.TraceContext;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What ended with a decision: the step that was waited for, which is a question to another service
 * or a wait, and the run itself after its last one. All of it is read from the state before and
 * after, so that a restart in between changes nothing.
 */
final class RolloutSpans {

    private static final Set<Part> OF_A_RUN =
            EnumSet.of(Part.START, Part.ANALYSIS, Part.PROMOTION, Part.ROLLBACK, Part.END);

    private static final Set<String> BAD_ENDS =
            Set.of("RolledBack", "PromotionFailed", "Rejected", "InitializationFailed");

    private RolloutSpans() {}

    /** A stage as a span shows it. */
    private record Step(
            long number, String name, Instant since, int attempts, @Nullable String trouble) {}

    static List<Span> of(Decision decision) {
        List<Span> spans = new ArrayList<>();
        Rollout before = decision.before().rollout();
        Instant end = decision.after().at();
        Step ended = step(before.stage());
        Step next = step(decision.after().rollout().stage());
        if (ended != null && (next == null || next.number() != ended.number())) {
            spans.add(span(before, ended, end, decision.effects()));
        }
        if (endsRun(before, decision.after().rollout())) {
            Instant start = before.run().startedAt();
            if (start != null) {
                spans.add(whole(decision, start));
            }
        }
        return spans;
    }

    private static boolean endsRun(Rollout before, Rollout after) {
        return OF_A_RUN.contains(before.stage().part())
                && (before.run().number() != after.run().number()
                        || !OF_A_RUN.contains(after.stage().part()));
    }

    private static @Nullable Step step(Stage stage) {
        return switch (stage) {
            case Stage.Asking(var question, var ask) ->
                    new Step(
                            ask.step(),
                            name(question),
                            ask.since(),
                            ask.attempt(),
                            ask.trouble() == null ? null : ask.trouble().because());
            case Stage.Waiting(var awaited, var timer) ->
                    new Step(
                            timer.step(),
                            "wait: " + awaited.getClass().getSimpleName(),
                            timer.since(),
                            1,
                            null);
            case Stage.Unknown _,
                    Stage.InitializationFailed _,
                    Stage.Resting _,
                    Stage.Terminated _,
                    Stage.Gone _ ->
                    null;
        };
    }

    private static String name(Question question) {
        return switch (question) {
            case Question.OfRouter asked -> "router: " + asked.getClass().getSimpleName();
            case Question.OfMetrics asked -> "metrics: " + asked.getClass().getSimpleName();
            case Question.OfHook asked -> "webhook: " + asked.type().word();
        };
    }

    private static Span span(Rollout before, Step step, Instant end, List<Effect> effects) {
        long run = before.run().number();
        Map<String, String> attributes = attributes(before);
        attributes.put("serinus.step", Long.toString(step.number()));
        attributes.put("serinus.attempts", Integer.toString(step.attempts()));
        return new Span(
                TraceContext.of(before.uid(), run, step.number()),
                TraceContext.of(before.uid(), run, 0).span(),
                step.name(),
                step.since(),
                end,
                attributes,
                events(effects, run),
                step.trouble());
    }

    private static Span whole(Decision decision, Instant start) {
        Rollout before = decision.before().rollout();
        long run = before.run().number();
        List<Span.Event> events = events(decision.effects(), run);
        String failed =
                events.stream()
                        .filter(event -> BAD_ENDS.contains(event.name()))
                        .map(Span.Event::message)
                        .findFirst()
                        .orElse(null);
        return new Span(
                TraceContext.of(before.uid(), run, 0),
                null,
                "rollout " + before.canary(),
                start,
                decision.after().at(),
                attributes(before),
                events,
                failed);
    }

    private static Map<String, String> attributes(Rollout rollout) {
        Map<String, String> all = new HashMap<>();
        all.put("k8s.cluster.name", rollout.canary().cluster());
        all.put("k8s.namespace.name", rollout.canary().namespace());
        all.put("serinus.canary", rollout.canary().toString());
        all.put("serinus.run", Long.toString(rollout.run().number()));
        all.put("serinus.revision", Objects.requireNonNullElse(rollout.run().revision(), ""));
        all.put("serinus.part", rollout.stage().part().name());
        return all;
    }

    private static List<Span.Event> events(List<Effect> effects, long run) {
        List<Span.Event> events = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Happened happened && happened.run() == run) {
                events.add(new Span.Event(happened.type(), happened.at(), happened.message()));
            }
        }
        return events;
    }
}
