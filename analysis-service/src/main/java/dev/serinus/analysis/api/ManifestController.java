package dev.serinus.analysis.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.Rules;
import dev.serinus.analysis.forecast.Forecast;
import dev.serinus.analysis.forecast.Horizon;
import dev.serinus.analysis.forecast.Plan;
import dev.serinus.analysis.forecast.Together;
import dev.serinus.schemas.admission.Admission;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.canary.PassFreeze;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.manifest.Finding;
import dev.serinus.schemas.manifest.Finding.Level;
import dev.serinus.schemas.manifest.Findings;
import dev.serinus.schemas.manifest.Judged;
import dev.serinus.schemas.manifest.Linting;
import dev.serinus.schemas.manifest.Manifest;
import dev.serinus.schemas.manifest.ManifestBounds;
import dev.serinus.schemas.manifest.Manifests;
import dev.serinus.schemas.topic.CanaryKey;

import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.RequestBean;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What can be said of manifests that somebody sends, as {@code deploy/serinus plan} and {@code
 * lint} say it of files. Nothing of what is sent is kept. Who is let in may ask, whatever the rules
 * give him: of the fleet only he is told something who may see the Canary that he sends, and that
 * is what its fleet file asks of it.
 */
@Controller("/api/v1")
@Requires(property = "serinus.service", value = "analysis")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes({
    MediaType.APPLICATION_JSON,
    "application/yaml",
    "application/x-yaml",
    "text/yaml",
    MediaType.TEXT_PLAIN
})
final class ManifestController {

    /** Of each course: a thousand weights, and some tenths of a second with 50 metrics. */
    private static final Horizon HORIZON = new Horizon(5_000, 500);

    /** Whoever may ask may be one who sees nothing of the fleet, nor when it is frozen. */
    private static final String ASSUMED =
            "no freeze, budget or wave holds it, and the Canaries that it names are promoted, or"
                    + " ready, when it needs them; deploy/serinus plan --fleet counts these";

    /** The same, of what is told in {@code together}. */
    private static final String ASSUMED_WITH_RULES =
            "in the three courses no freeze, budget or wave holds it; in together it is released"
                    + " now, alone, with the freezes and budgets of the installation, and the"
                    + " Canaries that it names are promoted, or ready, when it needs them";

    private static final int MOST_STEPS = 1_000;
    private static final int MOST_FINDINGS = 1_000;

    private final OnRequest onRequest;
    private final Asking asking;
    private final Access access;

    ManifestController(OnRequest onRequest, Asking asking, Access access) {
        this.onRequest = onRequest;
        this.asking = asking;
        this.access = access;
    }

    /** What the one Canary that was sent does with its next new revision. */
    @Post("/plan")
    HttpResponse<String> plan(
            HttpRequest<?> request,
            @RequestBean InstallationAsked asked,
            @Body @Nullable String text)
            throws InterruptedException {
        return answer(request, asked, text, sent -> planned(request, asked, sent));
    }

    /** All that is to be said of the resources that were sent. */
    @Post("/lint")
    HttpResponse<String> lint(
            HttpRequest<?> request,
            @RequestBean InstallationAsked asked,
            @Body @Nullable String text)
            throws InterruptedException {
        return answer(request, asked, text, ManifestController::linted);
    }

    /** What was sent, read. */
    private record Sent(Manifests manifests, Linting linting) {}

    private interface Work {
        HttpResponse<String> of(Sent sent);
    }

    private HttpResponse<String> answer(
            HttpRequest<?> request, InstallationAsked asked, @Nullable String text, Work work)
            throws InterruptedException {
        List<String> wrong = new ArrayList<>(asked.mistakes());
        if (text == null) {
            wrong.add("nothing was sent: the body is to be manifests, as YAML or JSON");
        }
        if (text == null || !wrong.isEmpty()) {
            return Answers.problem(request, HttpStatus.BAD_REQUEST, String.join("; ", wrong));
        }
        if (text.length() > ManifestBounds.REQUEST.characters()) {
            return Answers.problem(
                    request,
                    HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                    "at most %d characters are taken, and these are %d"
                            .formatted(ManifestBounds.REQUEST.characters(), text.length()));
        }
        Installation installation = asked.installation();
        return asking.work(
                request,
                () -> {
                    var manifests = Manifests.read("manifest", text, ManifestBounds.REQUEST);
                    return work.of(
                            new Sent(
                                    manifests,
                                    new Linting(
                                            manifests,
                                            installation,
                                            asked.namespaceOfOthers(),
                                            onRequest.services())));
                });
    }

    private HttpResponse<String> planned(
            HttpRequest<?> request, InstallationAsked asked, Sent sent) {
        if (!sent.manifests().broken().isEmpty()) {
            return refused(
                    request,
                    sent.manifests().broken().stream()
                            .map(each -> mistake("", each.line(), each.words()))
                            .toList());
        }
        List<Judged> canaries = sent.linting().canaries();
        if (canaries.size() != 1) {
            return refused(
                    request,
                    List.of(
                            mistake(
                                    "",
                                    1,
                                    "has %d Canaries, and the plan of one is told"
                                            .formatted(canaries.size()))));
        }
        Judged judged = canaries.getFirst();
        Findings found = sent.linting().findings(judged.manifest(), MOST_FINDINGS);
        if (!(judged.admission() instanceof Admission.Admitted(var spec, _, _))
                || found.count(Level.ERROR) > 0) {
            return refused(request, judged, found);
        }
        String namespace = Objects.requireNonNullElse(judged.namespace(), "");
        String name = Objects.requireNonNullElse(judged.name(), "");
        if (!ObjectNames.isNamespace(namespace) || !ObjectNames.isName(name)) {
            return refused(
                    request,
                    List.of(
                            mistake(
                                    "metadata",
                                    judged.manifest().line("metadata"),
                                    "must have a name, and none but a valid namespace")));
        }
        var key = new CanaryKey(asked.clusterOfOthers(), namespace, name);
        var plan =
                Plan.of(key, spec, judged.alerts(), found.told(), HORIZON)
                        .with(weights -> sent.linting().shares(judged, weights))
                        .json(MOST_STEPS)
                        .put("assumed", ASSUMED);
        if (asked.cluster() != null && access.allows(Login.caller(request), Rules.READ, key)) {
            plan.put("assumed", ASSUMED_WITH_RULES)
                    .set("together", ruled(key, spec, judged.passFreeze()).json());
        }
        return Answers.json(HttpStatus.OK, plan);
    }

    /** What lint calls an error of it, or of what it releases. */
    private static HttpResponse<String> refused(
            HttpRequest<?> request, Judged judged, Findings found) {
        var mistakes =
                found.told().stream()
                        .filter(Finding::isError)
                        .map(each -> mistake(judged.manifest(), each))
                        .toList();
        int all = found.count(Level.ERROR);
        return mistakes.isEmpty()
                ? refused(
                        request,
                        List.of(
                                mistake(
                                        "",
                                        judged.manifest().line(""),
                                        "has %d errors behind more than %d warnings: mend these first"
                                                .formatted(all, MOST_FINDINGS))))
                : refused(request, all, mistakes);
    }

    /** One of another document has no pointer into the Canary. */
    private static Map<String, Object> mistake(Manifest canary, Finding finding) {
        return finding.about().equals(canary.label())
                ? mistake(finding.path(), finding.line(), finding.detail())
                : mistake("", finding.line(), finding.about() + ": " + finding.words());
    }

    /** With what the installation asks of it, were it released now. */
    private Together ruled(CanaryKey key, RolloutSpec spec, Optional<PassFreeze> pass) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var passes = pass.map(one -> Map.of(key, one)).orElse(Map.of());
        var forecasts =
                Forecast.together(onRequest.rules().get(), now, Map.of(key, spec), passes, HORIZON);
        return new Together(key, now, Objects.requireNonNull(forecasts.get(key), "forecast"));
    }

    /** As of a body of JSON, with the line of a text beside it. */
    private static Map<String, Object> mistake(String path, int line, String detail) {
        return Map.of("pointer", pointer(path), "line", line, "detail", detail);
    }

    /** The JSON pointer of a path such as {@code spec.analysis.metrics[0].name}. */
    static String pointer(String path) {
        return path.isEmpty()
                ? ""
                : "/"
                        + path.replace("~", "~0")
                                .replace("/", "~1")
                                .replaceAll("\\[(\\d+)]", ".$1")
                                .replace('.', '/');
    }

    private static HttpResponse<String> refused(
            HttpRequest<?> request, List<Map<String, Object>> mistakes) {
        return refused(request, mistakes.size(), mistakes);
    }

    /**
     * Tells why.
     *
     * @param all how many mistakes there are
     * @param mistakes the first of them
     */
    private static HttpResponse<String> refused(
            HttpRequest<?> request, int all, List<Map<String, Object>> mistakes) {
        var first = mistakes.getFirst();
        return Answers.problem(
                request,
                HttpStatus.UNPROCESSABLE_ENTITY,
                all == 1
                        ? (first.get("pointer") + " " + first.get("detail")).strip()
                        : "it is refused for %d reasons".formatted(all),
                Map.of("errors", mistakes));
    }

    private static HttpResponse<String> linted(Sent sent) {
        Findings findings = sent.linting().findings(MOST_FINDINGS);
        List<Manifest> resources = sent.manifests().found();
        List<String> others = new ArrayList<>();
        for (Manifest each : resources) {
            if (!Linting.isJudged(each) && !sent.linting().lookedAt().contains(each)) {
                others.add(each.title());
            }
        }
        ObjectNode root = Answers.JSON.createObjectNode();
        root.put("resources", resources.size());
        for (Level level : Level.values()) {
            root.put(level.word() + "s", findings.count(level));
        }
        ArrayNode told = root.putArray("findings");
        findings.told().forEach(each -> told.add(Plan.json(each)));
        others.forEach(root.putArray("notJudged")::add);
        return Answers.json(HttpStatus.OK, root);
    }
}
