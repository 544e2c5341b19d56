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
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.NamespacedRef;
import dev.serinus.schemas.canary.PassFreeze;
import dev.serinus.schemas.canary.SecretRef;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.manifest.Finding.Level;
import dev.serinus.schemas.template.TextTemplate;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges the resources of flagger.app in some texts by the rules of an installation, without a
 * cluster. What only a cluster knows is a note.
 */
public final class Linting {

    /** Of the resources that are judged. */
    public static final String GROUP = "flagger.app";

    /** The only one of which they are. */
    static final String VERSION = GROUP + "/v1beta1";

    private static final String RULE = "rule";
    private static final String SCHEMA = "schema";
    private static final String SECRET = "secret";
    private static final String ADDRESS = "spec.address ";
    private static final String PROXY = "spec.proxy ";
    private static final String SECRET_REF = "spec.secretRef";

    private final Manifests files;
    private final Installation installation;
    private final String namespace;
    private final ServiceRules services;
    private final SchemaCheck schemas = new SchemaCheck();
    private final Set<String> present = new HashSet<>();
    private final Set<Manifest> lookedAt = new LinkedHashSet<>();
    private final Beside beside;

    /** What is wrong with Secrets, whoever names them: many may, and each has many keys. */
    private final IdentityHashMap<Manifest, List<String>> ofHeaders = new IdentityHashMap<>();

    private final IdentityHashMap<Manifest, List<String>> ofKeys = new IdentityHashMap<>();

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
        this.beside = new Beside(files.found(), this::namespaceOf);
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

    /**
     * The shares that the pods of an admitted Canary make; nothing of a weight where its target
     * stands not here with its size, or the services are not known.
     *
     * @param weights that are asked for, above 0
     */
    public Map<Weight, Weight> shares(Judged judged, Set<Weight> weights) {
        Map<Weight, Weight> shares = new HashMap<>();
        targetMistakes(judged)
                .target()
                .ifPresent(
                        target ->
                                weights.forEach(
                                        weight ->
                                                services.share(weight, target.object())
                                                        .ifPresent(it -> shares.put(weight, it))));
        return shares;
    }

    private TargetMistakes targetMistakes(Judged judged) {
        return new TargetMistakes(judged.manifest(), judged.canary(), beside, services, lookedAt);
    }

    /** Everything that is to be said, file by file and line by line. */
    public List<Finding> findings() {
        return findings(Integer.MAX_VALUE).told();
    }

    /**
     * The same, no longer than that.
     *
     * @param most that are told; the others are counted
     */
    public Findings findings(int most) {
        var all = new Findings(most);
        files.broken().forEach(all::add);
        for (Manifest manifest : files.found()) {
            if (isJudged(manifest)) {
                var found = findings(manifest, most);
                found.told().forEach(all::add);
                all.addLeftOut(found);
            } else {
                Strays.of(manifest).ifPresent(all::add);
            }
        }
        return all;
    }

    /**
     * The same of one resource among them that is judged, line by line.
     *
     * @param most that are told; the others are counted
     */
    public Findings findings(Manifest manifest, int most) {
        var found = new Findings(most);
        judge(manifest, found);
        Set<String> ruled = new HashSet<>();
        for (Finding each : found.told()) {
            if (each.rule().equals(RULE)) {
                ruled.add(each.path());
            }
        }
        var sorted = new Findings(most);
        // A rule of ours says it better than the definition's.
        found.told().stream()
                .filter(each -> !each.rule().equals(SCHEMA) || !isSaid(each, ruled))
                .sorted(
                        Comparator.comparing((Finding each) -> !each.file().equals(manifest.file()))
                                .thenComparingInt(Finding::line))
                .forEach(sorted::add);
        sorted.addLeftOut(found);
        return sorted;
    }

    /** True where rules speak of the same field, or of one whose absence the definition tells. */
    private static boolean isSaid(Finding mistake, Set<String> ruled) {
        String fields = mistake.path() + ".";
        return isWithin(mistake.path(), ruled)
                || ruled.stream()
                        .filter(path -> path.startsWith(fields))
                        .map(path -> path.substring(fields.length()))
                        .anyMatch(List.of(mistake.words().split("[^A-Za-z]+"))::contains);
    }

    /** True for one of these fields, and for what is within one. */
    private static boolean isWithin(String path, Set<String> those) {
        int end = path.length();
        while (end > 0 && !those.contains(path.substring(0, end))) {
            end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1));
        }
        return end > 0;
    }

    /** Of what is not judged and was meant to be. */
    public List<Finding> strays() {
        return files.found().stream()
                .filter(each -> !isJudged(each))
                .flatMap(each -> Strays.of(each).stream())
                .toList();
    }

    private void judge(Manifest manifest, Findings found) {
        for (var mistake : schemas.of(manifest)) {
            add(
                    manifest,
                    mistake.refused() ? Level.ERROR : Level.WARNING,
                    mistake.refused() ? SCHEMA : "unknown-field",
                    mistake.path(),
                    mistake.words(),
                    found);
        }
        String version = manifest.object().path("apiVersion").asText();
        if (!version.equals(VERSION)) {
            add(
                    manifest,
                    Level.ERROR,
                    SCHEMA,
                    "apiVersion",
                    "must be %s, which is the only one that API servers have of the group; found '%s'"
                            .formatted(VERSION, version),
                    found);
        }
        switch (manifest.kind()) {
            case "Canary" -> canary(manifest, found);
            case "MetricTemplate" -> template(manifest, found);
            case "AlertProvider" -> provider(manifest, found);
            default ->
                    add(
                            manifest,
                            Level.ERROR,
                            SCHEMA,
                            "kind",
                            manifest.kind().isEmpty()
                                    ? "is missing: it has to be one of " + kinds()
                                    : "must be one of %s; found '%s'%s"
                                            .formatted(
                                                    kinds(),
                                                    Finding.cut(manifest.kind()),
                                                    Slips.nearest(
                                                                    manifest.kind(),
                                                                    SchemaCheck.SPECS.keySet())
                                                            .map("; is %s meant?"::formatted)
                                                            .orElse("")),
                            found);
        }
    }

    private static String kinds() {
        return SchemaCheck.SPECS.keySet().stream().sorted().collect(Collectors.joining(", "));
    }

    private void canary(Manifest manifest, Findings found) {
        if (manifest.name().isEmpty()) {
            add(manifest, Level.ERROR, RULE, "metadata.name", "is required", found);
        }
        var judged = judged(manifest);
        switch (judged.admission()) {
            case Admission.Refused(var problems) ->
                    problems.forEach(p -> error(manifest, p, found));
            case Admission.Admitted(var spec, var unused, var hints) -> {
                for (String path : unused) {
                    add(
                            manifest,
                            Level.WARNING,
                            "unused",
                            path,
                            "has no effect with provider " + spec.getProvider(),
                            found);
                }
                hints.forEach(hint -> sentence(manifest, "hint", hint, found));
                PassFreeze.mistakes(judged.canary().getMetadata())
                        .forEach(each -> sentence(manifest, "hint", each, found));
                threshold(manifest, judged.canary(), spec, found);
                Risks.of(judged.canary(), spec)
                        .forEach(risk -> sentence(manifest, "risk", risk, found));
                targetMistakes(judged)
                        .of(spec, installation)
                        .forEach(
                                each ->
                                        add(
                                                each.manifest(),
                                                each.level(),
                                                each.rule(),
                                                each.path(),
                                                each.words(),
                                                found));
            }
        }
        references(manifest, judged.canary(), found);
        hooks(manifest, judged.canary(), found);
    }

    private static void threshold(
            Manifest manifest, Canary canary, RolloutSpec spec, Findings found) {
        if (canary.getSpec().analysis().threshold() == null && !spec.getSkipAnalysis()) {
            long whole = spec.getIntervalMillis() * spec.getThreshold();
            add(
                    manifest,
                    Level.NOTE,
                    "default",
                    "spec.analysis.threshold",
                    "is not set, and %d is taken: a release of which every check fails is taken back after %d of them, that is %s"
                            .formatted(
                                    spec.getThreshold(),
                                    spec.getThreshold(),
                                    Durations.print(Duration.ofMillis(whole))),
                    found);
        }
    }

    private void hooks(Manifest manifest, Canary canary, Findings found) {
        if (canary.getSpec() == null || canary.getSpec().analysis().webhooks() == null) {
            return;
        }
        List<CanaryWebhook> hooks = canary.getSpec().analysis().webhooks();
        HookMistakes.of(hooks, services).forEach(each -> sentence(manifest, "hint", each, found));
        Set<Manifest> told = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int place = 0; place < hooks.size(); place++) {
            String path = "spec.analysis.webhooks[" + place + "].secretRef";
            for (Manifest secret : secrets(manifest, hooks.get(place).secretRef())) {
                if (told.add(secret)) {
                    ofHeaders
                            .computeIfAbsent(secret, SecretMistakes::ofHeaders)
                            .forEach(
                                    each ->
                                            add(
                                                    manifest,
                                                    Level.WARNING,
                                                    SECRET,
                                                    path,
                                                    each,
                                                    found));
                }
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
    private void references(Manifest manifest, Canary canary, Findings found) {
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
            Findings found) {
        if (ref == null) {
            return;
        }
        String in =
                ref.namespace() == null || ref.namespace().isEmpty()
                        ? namespaceOf(manifest)
                        : ref.namespace();
        if (!present.contains(key(kind, in, ref.name()))) {
            add(
                    manifest,
                    Level.NOTE,
                    "reference",
                    path,
                    "%s %s/%s is not in these files: it has to be in the cluster"
                            .formatted(kind, in, ref.name()),
                    found);
        }
    }

    private void template(Manifest manifest, Findings found) {
        var template = CanaryReader.readMetricTemplate(inNamespace(manifest)).resource();
        template.problems().forEach(problem -> error(manifest, problem, found));
        if (template.problems().isEmpty()) {
            Admissions.problems(template.getSpec())
                    .forEach(problem -> error(manifest, problem, found));
            readable(manifest, "spec.query", template.getSpec().query(), found);
        }
    }

    private void provider(Manifest manifest, Findings found) {
        var provider = CanaryReader.readAlertProvider(inNamespace(manifest)).resource();
        provider.problems().forEach(problem -> error(manifest, problem, found));
        if (!provider.problems().isEmpty()) {
            return;
        }
        readable(manifest, "spec.messageTemplate", provider.getSpec().messageTemplate(), found);
        if (services.alertTypes().isEmpty()) {
            add(
                    manifest,
                    Level.NOTE,
                    "elsewhere",
                    "spec",
                    "what its type asks of it is judged by the notifier, and by"
                            + " deploy/serinus lint",
                    found);
            return;
        }
        if (!services.alertTypes().contains(provider.getSpec().type())) {
            add(
                    manifest,
                    Level.ERROR,
                    RULE,
                    "spec.type",
                    "must be one of %s; found '%s'"
                            .formatted(
                                    services.alertTypes().stream()
                                            .sorted()
                                            .collect(Collectors.joining(", ")),
                                    provider.getSpec().type()),
                    found);
            return;
        }
        List<Manifest> secrets = secrets(manifest, provider.getSpec().secretRef());
        for (Manifest secret : secrets) {
            // What an overlay makes of them together is not known here.
            Level level = secrets.size() > 1 || hasOverlays() ? Level.WARNING : Level.ERROR;
            SecretMistakes.of(provider.getSpec(), secret, services)
                    .forEach(each -> add(manifest, level, SECRET, SECRET_REF, each, found));
            ofKeys.computeIfAbsent(secret, it -> SecretMistakes.ofKeys(it, services))
                    .forEach(each -> add(manifest, level, SECRET, SECRET_REF, each, found));
            SecretMistakes.ofValues(secret)
                    .forEach(each -> add(manifest, Level.WARNING, SECRET, SECRET_REF, each, found));
        }
        String address = Objects.requireNonNullElse(provider.getSpec().address(), "");
        String proxy = Objects.requireNonNullElse(provider.getSpec().proxy(), "");
        for (String problem : services.problems(provider.getSpec())) {
            int end = problem.indexOf(' ');
            if ((problem.startsWith(ADDRESS) && SecretMistakes.isPutInLater(address))
                    || (problem.startsWith(PROXY) && SecretMistakes.isPutInLater(proxy))) {
                continue;
            }
            add(
                    manifest,
                    Level.ERROR,
                    RULE,
                    problem.substring(0, end),
                    problem.substring(end + 1),
                    found);
        }
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
            Manifest manifest, String path, @Nullable String template, Findings found) {
        Optional.ofNullable(template)
                .flatMap(TextTemplate::unreadable)
                .ifPresent(
                        wrong ->
                                add(
                                        manifest,
                                        Level.ERROR,
                                        RULE,
                                        path,
                                        "is no template: " + wrong,
                                        found));
    }

    private static void error(Manifest manifest, Problem problem, Findings found) {
        add(manifest, Level.ERROR, RULE, problem.getPath(), problem.getMessage(), found);
    }

    /** Of a sentence that begins with the path. */
    private static void sentence(Manifest manifest, String rule, String sentence, Findings found) {
        int colon = sentence.indexOf(": ");
        String path = colon < 0 ? "spec" : sentence.substring(0, colon);
        found.add(
                Level.WARNING,
                () ->
                        new Finding(
                                Level.WARNING,
                                manifest.file(),
                                manifest.line(path),
                                rule,
                                manifest.label(),
                                path,
                                sentence));
    }

    private static void add(
            Manifest manifest,
            Level level,
            String rule,
            String path,
            String words,
            Findings found) {
        found.add(level, () -> finding(manifest, level, rule, path, words));
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
