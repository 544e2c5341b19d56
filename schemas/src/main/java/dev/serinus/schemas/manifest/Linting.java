package dev.serinus.schemas.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.admission.Admission;
import dev.serinus.schemas.admission.Admissions;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryAlert;
import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.CanaryWebhook;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.NamespacedRef;
import dev.serinus.schemas.canary.SecretRef;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.manifest.Finding.Level;
import dev.serinus.schemas.template.TextTemplate;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Judges the resources of flagger.app in some texts by the rules of an installation, without a
 * cluster. What only a cluster knows is a note.
 */
public final class Linting {

    /** Of the resources that are judged. */
    public static final String GROUP = "flagger.app";

    private final Manifests files;
    private final Installation installation;
    private final String namespace;
    private final ServiceRules services;
    private final SchemaCheck schemas = new SchemaCheck();
    private final Set<String> present = new HashSet<>();
    private final Set<Manifest> lookedAt = new LinkedHashSet<>();

    /**
     * @param namespace of resources that name none
     * @param services what is known of their own parts
     */
    public Linting(
            Manifests files, Installation installation, String namespace, ServiceRules services) {
        this.files = files;
        this.installation = installation;
        this.namespace = namespace;
        this.services = services;
        files.found()
                .forEach(each -> present.add(key(each.kind(), namespaceOf(each), each.name())));
    }

    /** Whether a resource is one that is judged. */
    public static boolean isJudged(Manifest manifest) {
        return manifest.object().path("apiVersion").asText().startsWith(GROUP + "/");
    }

    /** Those beside them that were looked at for whoever names them; after {@link #findings}. */
    public Set<Manifest> lookedAt() {
        return lookedAt;
    }

    /** The Canaries among them, each with what the rules say. */
    public List<Judged> canaries() {
        return files.found().stream()
                .filter(each -> each.isOf(GROUP, "Canary"))
                .map(this::judged)
                .toList();
    }

    private Judged judged(Manifest manifest) {
        Canary canary = CanaryReader.read(inNamespace(manifest)).resource();
        return new Judged(manifest, canary, Admissions.admit(canary, installation));
    }

    /** Everything that is to be said, file by file and line by line. */
    public List<Finding> findings() {
        List<Finding> all = new ArrayList<>(files.broken());
        for (Manifest manifest : files.found()) {
            if (!isJudged(manifest)) {
                continue;
            }
            List<Finding> found = new ArrayList<>();
            for (var mistake : schemas.of(manifest)) {
                found.add(
                        finding(
                                manifest,
                                mistake.refused() ? Level.ERROR : Level.WARNING,
                                mistake.refused() ? "schema" : "unknown-field",
                                mistake.path(),
                                mistake.words()));
            }
            switch (manifest.kind()) {
                case "Canary" -> canary(manifest, found);
                case "MetricTemplate" -> template(manifest, found);
                case "AlertProvider" -> provider(manifest, found);
                default ->
                        found.add(
                                finding(
                                        manifest,
                                        Level.ERROR,
                                        "schema",
                                        "kind",
                                        "must be Canary, MetricTemplate or AlertProvider; found '%s'"
                                                .formatted(manifest.kind())));
            }
            found.stream()
                    .filter(each -> each.level() != Level.ERROR || isSaidOnce(each, found))
                    .sorted(Comparator.comparingInt(Finding::line))
                    .forEach(all::add);
        }
        return all;
    }

    /** A rule of ours says it better than the definition's. */
    private static boolean isSaidOnce(Finding finding, List<Finding> found) {
        return !finding.rule().equals("schema")
                || found.stream()
                        .noneMatch(
                                other ->
                                        other.rule().equals("rule")
                                                && other.line() == finding.line());
    }

    private void canary(Manifest manifest, List<Finding> found) {
        if (manifest.name().isEmpty()) {
            found.add(finding(manifest, Level.ERROR, "rule", "metadata.name", "is required"));
        }
        var judged = judged(manifest);
        switch (judged.admission()) {
            case Admission.Refused(var problems) ->
                    problems.forEach(p -> error(manifest, p, found));
            case Admission.Admitted(var spec, var unused, var hints) -> {
                for (String path : unused) {
                    found.add(
                            finding(
                                    manifest,
                                    Level.WARNING,
                                    "unused",
                                    path,
                                    "has no effect with provider " + spec.getProvider()));
                }
                hints.forEach(hint -> found.add(sentence(manifest, "hint", hint)));
                Risks.of(judged.canary(), spec)
                        .forEach(risk -> found.add(sentence(manifest, "risk", risk)));
            }
        }
        references(manifest, judged.canary(), found);
        hooks(manifest, judged.canary(), found);
    }

    private void hooks(Manifest manifest, Canary canary, List<Finding> found) {
        if (canary.getSpec() == null || canary.getSpec().analysis().webhooks() == null) {
            return;
        }
        List<CanaryWebhook> hooks = canary.getSpec().analysis().webhooks();
        HookMistakes.of(hooks, services)
                .forEach(each -> found.add(sentence(manifest, "hint", each)));
        for (int place = 0; place < hooks.size(); place++) {
            String path = "spec.analysis.webhooks[" + place + "].secretRef";
            for (Manifest secret : secrets(manifest, hooks.get(place).secretRef())) {
                SecretMistakes.ofHeaders(secret)
                        .forEach(
                                each ->
                                        found.add(
                                                finding(
                                                        manifest,
                                                        Level.WARNING,
                                                        "secret",
                                                        path,
                                                        each)));
            }
        }
    }

    /** A Secret of the same namespace, where it stands in these files. */
    private List<Manifest> secrets(Manifest manifest, @Nullable SecretRef ref) {
        List<Manifest> those =
                files.found().stream()
                        .filter(each -> ref != null && isSecret(each, manifest, ref.name()))
                        .toList();
        lookedAt.addAll(those);
        return those;
    }

    private boolean isSecret(Manifest each, Manifest manifest, String name) {
        return each.kind().equals("Secret")
                && each.object().path("apiVersion").asText().equals("v1")
                && each.name().equals(name)
                && namespaceOf(each).equals(namespaceOf(manifest));
    }

    /** What it refers to and these files do not have. */
    private void references(Manifest manifest, Canary canary, List<Finding> found) {
        if (canary.getSpec() == null) {
            return;
        }
        var analysis = canary.getSpec().analysis();
        List<CanaryMetric> metrics = analysis.metrics() == null ? List.of() : analysis.metrics();
        for (int place = 0; place < metrics.size(); place++) {
            missing(
                    manifest,
                    "MetricTemplate",
                    metrics.get(place).template(),
                    "spec.analysis.metrics[" + place + "]",
                    found);
        }
        List<CanaryAlert> alerts = analysis.alerts() == null ? List.of() : analysis.alerts();
        for (int place = 0; place < alerts.size(); place++) {
            missing(
                    manifest,
                    "AlertProvider",
                    alerts.get(place).providerRef(),
                    "spec.analysis.alerts[" + place + "]",
                    found);
        }
    }

    private void missing(
            Manifest manifest,
            String kind,
            @Nullable NamespacedRef ref,
            String path,
            List<Finding> found) {
        if (ref == null) {
            return;
        }
        String in =
                ref.namespace() == null || ref.namespace().isEmpty()
                        ? namespaceOf(manifest)
                        : ref.namespace();
        if (!present.contains(key(kind, in, ref.name()))) {
            found.add(
                    finding(
                            manifest,
                            Level.NOTE,
                            "reference",
                            path,
                            "%s %s/%s is not in these files: it has to be in the cluster"
                                    .formatted(kind, in, ref.name())));
        }
    }

    private void template(Manifest manifest, List<Finding> found) {
        var template = CanaryReader.readMetricTemplate(inNamespace(manifest)).resource();
        template.problems().forEach(problem -> error(manifest, problem, found));
        if (template.problems().isEmpty()) {
            Admissions.problems(template.getSpec())
                    .forEach(problem -> error(manifest, problem, found));
            readable(manifest, "spec.query", template.getSpec().query(), found);
        }
    }

    private void provider(Manifest manifest, List<Finding> found) {
        var provider = CanaryReader.readAlertProvider(inNamespace(manifest)).resource();
        provider.problems().forEach(problem -> error(manifest, problem, found));
        if (!provider.problems().isEmpty()) {
            return;
        }
        readable(manifest, "spec.messageTemplate", provider.getSpec().messageTemplate(), found);
        if (services.alertTypes().isEmpty()) {
            found.add(
                    finding(
                            manifest,
                            Level.NOTE,
                            "elsewhere",
                            "spec",
                            "what its type asks of it is judged by the notifier, and by"
                                    + " deploy/serinus lint"));
            return;
        }
        if (!services.alertTypes().contains(provider.getSpec().type())) {
            found.add(
                    finding(
                            manifest,
                            Level.ERROR,
                            "rule",
                            "spec.type",
                            "must be one of %s; found '%s'"
                                    .formatted(
                                            String.join(", ", services.alertTypes()),
                                            provider.getSpec().type())));
            return;
        }
        List<Manifest> secrets = secrets(manifest, provider.getSpec().secretRef());
        for (Manifest secret : secrets) {
            // What an overlay makes of them together is not known here.
            Level level = secrets.size() > 1 || hasOverlays() ? Level.WARNING : Level.ERROR;
            SecretMistakes.of(provider.getSpec(), secret, services)
                    .forEach(each -> found.add(secret(manifest, level, each)));
            SecretMistakes.ofValues(secret)
                    .forEach(each -> found.add(secret(manifest, Level.WARNING, each)));
        }
        for (String problem : services.problems(provider.getSpec())) {
            int end = problem.indexOf(' ');
            found.add(
                    finding(
                            manifest,
                            Level.ERROR,
                            "rule",
                            problem.substring(0, end),
                            problem.substring(end + 1)));
        }
    }

    private static Finding secret(Manifest manifest, Level level, String mistake) {
        return finding(manifest, level, "secret", "spec.secretRef", mistake);
    }

    private boolean hasOverlays() {
        return files.found().stream()
                .anyMatch(
                        each ->
                                each.kind().equals("Kustomization")
                                        || each.file().endsWith("kustomization.yaml")
                                        || each.file().endsWith("kustomization.yml"));
    }

    private static void readable(
            Manifest manifest, String path, @Nullable String template, List<Finding> found) {
        Optional.ofNullable(template)
                .flatMap(TextTemplate::unreadable)
                .ifPresent(
                        wrong ->
                                found.add(
                                        finding(
                                                manifest,
                                                Level.ERROR,
                                                "rule",
                                                path,
                                                "is no template: " + wrong)));
    }

    private static void error(Manifest manifest, Problem problem, List<Finding> found) {
        found.add(finding(manifest, Level.ERROR, "rule", problem.getPath(), problem.getMessage()));
    }

    /** Of a sentence that begins with the path. */
    private static Finding sentence(Manifest manifest, String rule, String sentence) {
        int colon = sentence.indexOf(": ");
        String path = colon < 0 ? "spec" : sentence.substring(0, colon);
        return new Finding(
                Level.WARNING,
                manifest.file(),
                manifest.line(path),
                rule,
                manifest.label(),
                path,
                sentence);
    }

    private static Finding finding(
            Manifest manifest, Level level, String rule, String path, String words) {
        return new Finding(
                level,
                manifest.file(),
                manifest.line(path),
                rule,
                manifest.label(),
                path,
                path + " " + words);
    }

    private JsonNode inNamespace(Manifest manifest) {
        var object = (ObjectNode) manifest.object().deepCopy();
        if (manifest.namespace().isEmpty() && object.path("metadata").isObject()) {
            ((ObjectNode) object.path("metadata")).put("namespace", namespace);
        }
        return object;
    }

    private String namespaceOf(Manifest manifest) {
        return manifest.namespace().isEmpty() ? namespace : manifest.namespace();
    }

    private static String key(String kind, String namespace, String name) {
        return kind + " " + namespace + "/" + name;
    }
}
