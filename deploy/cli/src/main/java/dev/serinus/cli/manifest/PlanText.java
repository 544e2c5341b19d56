package dev.serinus.cli.manifest;

import dev.serinus.analysis.forecast.Forecast;
import dev.serinus.cli.manifest.PlanCommand.Planned;
import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.CanaryWebhook;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.hook.HookType;
import dev.serinus.schemas.hook.HookType.Meaning;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The plan of one Canary for people. */
record PlanText(Planned planned) {

    private static final String FAILED = "CheckFailed";

    /** Scheme, and name or address with a port; never who calls. */
    private static final Pattern ADDRESS =
            Pattern.compile("(?i)(https?://)(?:[^/?#@]*@)?([^/?#@\\s]+)(?:[/?#][^@]*)?");

    void print(PrintWriter out) {
        var manifest = planned.judged().manifest();
        var metadata = planned.judged().canary().getMetadata();
        var rules = planned.plan().spec().getRules();
        boolean byReplicas = rules != null && rules.getByReplicas();
        Mesh mesh = Meshes.of(planned.plan().spec().getProvider(), byReplicas);
        out.printf(
                "%s/%s (%s:%d): %s %s by %s%n%n",
                metadata.getNamespace(),
                metadata.getName(),
                manifest.file(),
                manifest.line(""),
                planned.plan().spec().getTargetKind(),
                planned.plan().spec().getTargetName(),
                mesh.title());
        new PlanTable(planned.plan()).print(out);
        ends(out);
        asked(out);
        out.printf("%nWrites besides the workloads and Services: %s%n", kinds(mesh.writes()));
        if (byReplicas) {
            out.println(
                    "Pods: the primary keeps all of its own, and those of the canary beside them"
                        + " make its share: as many again at half of the traffic. Beside 1, 2, 3,"
                        + " 4, 9 of the primary one has 50, 33, 25, 20, 10 percent: a weight of"
                        + " less than half of that is refused");
        } else if (rules != null && rules.getProportional()) {
            out.println(
                    "Pods: the canary has as many of the primary's as its share needs, and those of"
                            + " a step before its weight rises");
        }
        var needed = Needs.of(planned.judged().canary(), mesh);
        if (!needed.isEmpty()) {
            out.printf("Needs of yours: %s%n", String.join(", ", needed));
        }
        if (!planned.plan().findings().isEmpty()) {
            out.println("\nLook at:");
            planned.plan().findings().forEach(each -> out.printf("  %s%n", each.text()));
        }
        out.println();
    }

    /** Whom a bad release meets before it is taken back. */
    private String reach(Forecast failing) {
        if (planned.plan().spec().getMatched() && planned.plan().spec().getIterations() > 0) {
            return "until then all requests that match meet it";
        }
        if (!failing.most().isAny()) {
            return "until then it has no share of the requests";
        }
        return planned.plan().isExact(failing.most())
                ? "until then it has up to %s%% of the requests".formatted(failing.most())
                : "until then it has up to %s%% of the requests or more, by how many pods there are"
                        .formatted(failing.most());
    }

    private void ends(PrintWriter out) {
        Forecast soonest = planned.plan().soonest();
        Forecast failing = planned.plan().failing();
        if (soonest.promotes()) {
            out.printf("%nPromoted after %s at best", Durations.print(soonest.lasts()));
            Forecast latest = planned.plan().latest();
            if (latest.promotes()) {
                long failed =
                        latest.steps().stream().filter(step -> step.type().equals(FAILED)).count();
                out.printf(
                        "; after %s at worst: pods are ready just before the deadline of %s, hooks"
                                + " take all their time, %s",
                        Durations.print(latest.lasts()),
                        Durations.print(
                                Duration.ofSeconds(
                                        planned.plan().spec().getProgressDeadlineSeconds())),
                        switch ((int) failed) {
                            case 0 -> "no check fails";
                            case 1 -> "1 check fails, which may";
                            default -> failed + " checks fail, which may";
                        });
            }
            var takingBack = planned.plan().mayTakeBack();
            if (!takingBack.isEmpty()) {
                out.printf(
                        "; unless rollback hook %s answers 2xx, which takes it back at once",
                        String.join(" or ", takingBack));
            }
            out.println(". Gates that stay closed are not counted.");
        } else {
            out.printf("%nIt does not end by itself: %s%n", soonest.waitingFor());
        }
        if (failing.promotes()) {
            out.println("A bad release is promoted as well: nothing checks it.");
        } else if (!failing.end().isEmpty()) {
            out.printf(
                    "A release that fails every check is taken back after %s%s; %s.%n",
                    Durations.print(failing.lasts()), threshold(), reach(failing));
        }
    }

    /** A number that nobody has written is to be found in no manifest. */
    private String threshold() {
        return planned.judged().canary().getSpec().analysis().threshold() == null
                ? " (threshold is not set and counts as %d)"
                        .formatted(planned.plan().spec().getThreshold())
                : "";
    }

    private void asked(PrintWriter out) {
        var analysis = planned.judged().canary().getSpec().analysis();
        List<CanaryMetric> metrics = analysis.metrics() == null ? List.of() : analysis.metrics();
        List<CanaryWebhook> hooks = analysis.webhooks() == null ? List.of() : analysis.webhooks();
        if (!metrics.isEmpty()) {
            out.printf(
                    "%nMeasures, %s in all at best:%n", times(planned.plan().soonest().checks()));
            metrics.forEach(each -> out.printf("  %s%n", metric(each)));
        }
        if (!hooks.isEmpty()) {
            out.printf(
                    "%nCalls, %s in all at best:%n", times(planned.plan().soonest().hookCalls()));
            for (int place = 0; place < hooks.size(); place++) {
                hook(out, hooks.get(place), planned.plan().soonest().calls().get(place));
            }
        }
        told(out);
    }

    private static void hook(PrintWriter out, CanaryWebhook hook, int calls) {
        var type = HookType.of(hook.type());
        out.printf(
                "  %s (%s) at %s: %s%s%n",
                hook.name(),
                type.map(HookType::word).orElse(""),
                host(hook.url()),
                times(calls),
                type.filter(it -> it.meaning() instanceof Meaning.IsTold).isPresent()
                        ? ", for each event"
                        : "");
    }

    private void told(PrintWriter out) {
        var told = planned.plan().told();
        out.println(
                told.isEmpty()
                        ? "\nTells: it names no alerts, so the installation's chat where it has one"
                        : "\nTells:");
        told.forEach(
                each ->
                        out.printf(
                                "  %s: %s, by AlertProvider %s%n",
                                each.name(),
                                switch (each.severity()) {
                                    case "error" -> "errors";
                                    case "warn" -> "warnings and errors";
                                    default -> "all that happens";
                                },
                                each.provider()));
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }

    private static String metric(CanaryMetric metric) {
        var range = metric.thresholdRange();
        var template = metric.template();
        String bounds =
                range != null
                        ? Stream.of(
                                        range.min() == null ? "" : "at least " + plain(range.min()),
                                        range.max() == null ? "" : "at most " + plain(range.max()))
                                .filter(part -> !part.isEmpty())
                                .collect(Collectors.joining(", "))
                        : metric.threshold() == null
                                ? ""
                                : "threshold " + plain(metric.threshold());
        String by =
                template != null
                        ? "MetricTemplate " + template.name()
                        : CanaryMetric.BUILT_IN.contains(metric.name())
                                ? "built in"
                                : "a query of its own";
        return "%s: %s%s, over %s"
                .formatted(
                        metric.name(),
                        by,
                        bounds.isEmpty() ? "" : ", " + bounds,
                        metric.interval() == null ? "1m" : metric.interval());
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** Path and query may hold secrets, and so may what cannot be told apart from them. */
    private static String host(String url) {
        var parts = ADDRESS.matcher(url);
        return parts.matches() ? parts.group(1) + parts.group(2) : "an address of its own";
    }

    private static String kinds(List<Kind> kinds) {
        return kinds.isEmpty()
                ? "nothing"
                : kinds.stream().map(Kind::name).distinct().collect(Collectors.joining(", "));
    }
}
