package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.canary.ObjectNames;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reads what Keptn measured in the watched cluster, or has Keptn analyse: the answer of an Analysis
 * is 1 when it passes and else 0. Which of them, the query says: {@code keptnmetric/NAMESPACE/NAME}
 * or {@code analysis/NAMESPACE/DEFINITION[/DURATION[/KEY=VALUE;…]]}, read in lower case.
 */
final class Keptn implements MetricsProvider {

    static final ProviderType TYPE = ProviderType.of("keptn", Keptn::new);

    private static final Logger LOG = LoggerFactory.getLogger(Keptn.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int LOOKS = 10;
    private static final int LONGEST_DEFINITION = 240;

    private static final ResourceDefinitionContext METRICS = kind("KeptnMetric", "keptnmetrics");
    private static final ResourceDefinitionContext ANALYSES = kind("Analysis", "analyses");

    private final ProviderContext context;

    private Keptn(ProviderContext context) {
        this.context = context;
    }

    private static ResourceDefinitionContext kind(String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup("metrics.keptn.sh")
                .withVersion("v1beta1")
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    @Override
    public Answer ask(String query) throws InterruptedException {
        List<String> parts = List.of(query.strip().toLowerCase(Locale.ROOT).split("/", -1));
        if (parts.size() < 3) {
            return unreadable();
        }
        String namespace = parts.get(1);
        String name = parts.get(2);
        if (!ObjectNames.isNamespace(namespace)) {
            return new Answer.Misconfigured(ObjectNames.because(namespace));
        }
        if (!ObjectNames.isName(name) || name.length() > LONGEST_DEFINITION) {
            return new Answer.Misconfigured(ObjectNames.because(name));
        }
        if (!context.readable().test(namespace)) {
            return new Answer.Misconfigured(
                    "can't access %s %s.%s, cross-namespace references are blocked"
                            .formatted(parts.getFirst(), name, namespace));
        }
        return switch (parts.getFirst()) {
            case "keptnmetric", "keptnmetrics" -> metric(namespace, name);
            case "analysis", "analyses" -> analysis(namespace, name, parts);
            default -> unreadable();
        };
    }

    private static Answer unreadable() {
        return new Answer.Misconfigured(
                "query of Keptn must be keptnmetric/NAMESPACE/NAME or"
                        + " analysis/NAMESPACE/DEFINITION[/DURATION[/KEY=VALUE;…]]");
    }

    private Answer metric(String namespace, String name) throws InterruptedException {
        String failed = "could not retrieve KeptnMetric %s/%s: ".formatted(namespace, name);
        try {
            var object = at(METRICS, namespace, name).get();
            if (object == null) {
                return new Answer.Unavailable(
                        failed + "keptnmetrics.metrics.keptn.sh \"%s\" not found".formatted(name));
            }
            Object written = object.get("status", "value");
            double value =
                    written == null || written.toString().isEmpty()
                            ? Double.NaN
                            : JsonText.number(written.toString());
            return Double.isNaN(value)
                    ? new Answer.NoData(
                            "KeptnMetric %s/%s has no value: %s"
                                    .formatted(namespace, name, HttpSource.NO_VALUES))
                    : Answer.of(updated(object), value);
        } catch (KubernetesClientException away) {
            return new Answer.Unavailable(failed + ClusterTrouble.of(away));
        } catch (JsonText.NoNumber wrong) {
            return new Answer.Unavailable(failed + wrong.getMessage());
        }
    }

    private Instant updated(GenericKubernetesResource metric) {
        Object written = metric.get("status", "lastUpdated");
        try {
            return written == null ? context.clock().instant() : Instant.parse(written.toString());
        } catch (DateTimeParseException _) {
            return context.clock().instant();
        }
    }

    private Answer analysis(String namespace, String definition, List<String> parts)
            throws InterruptedException {
        String recent = parts.size() < 4 || parts.get(3).isEmpty() ? "1m" : parts.get(3);
        Map<String, String> arguments = new HashMap<>();
        if (parts.size() > 4 && !parts.get(4).isEmpty()) {
            for (String pair : String.join("/", parts.subList(4, parts.size())).split(";")) {
                String[] sides = pair.split("=", -1);
                if (sides.length != 2) {
                    return new Answer.Misconfigured(
                            "arguments of an Analysis must be KEY=VALUE, with semicolons between"
                                    + " them");
                }
                arguments.put(sides[0], sides[1]);
            }
        }
        var ours = analysis(namespace, definition, recent, arguments);
        String name = ours.getMetadata().getName();
        String failed = "Analysis %s/%s: ".formatted(namespace, name);
        try {
            var made =
                    context.kubernetes()
                            .genericKubernetesResources(ANALYSES)
                            .inNamespace(namespace)
                            .resource(ours)
                            .create();
            return result(made, namespace, name);
        } catch (KubernetesClientException away) {
            return new Answer.Unavailable(failed + ClusterTrouble.of(away));
        } finally {
            remove(namespace, name);
        }
    }

    private static GenericKubernetesResource analysis(
            String namespace, String definition, String recent, Map<String, String> arguments) {
        String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt(1 << 24), 6);
        var analysis = new GenericKubernetesResource();
        analysis.setApiVersion("metrics.keptn.sh/v1beta1");
        analysis.setKind("Analysis");
        analysis.setMetadata(
                new ObjectMetaBuilder()
                        .withName(definition + "-" + random)
                        .withNamespace(namespace)
                        .addToLabels("app.kubernetes.io/managed-by", "serinus")
                        .build());
        Map<String, Object> spec = new HashMap<>();
        spec.put("analysisDefinition", Map.of("name", definition));
        spec.put("timeframe", Map.of("recent", recent));
        spec.put("args", arguments);
        analysis.setAdditionalProperty("spec", spec);
        return analysis;
    }

    private Answer result(GenericKubernetesResource made, String namespace, String name)
            throws InterruptedException {
        @Nullable GenericKubernetesResource seen = made;
        for (int look = 0; look < LOOKS; look++) {
            if (seen != null && "Completed".equals(seen.get("status", "state"))) {
                boolean passed = Boolean.TRUE.equals(seen.get("status", "pass"));
                return Answer.of(context.clock().instant(), passed ? 1 : 0);
            }
            context.sleeper().sleep(PAUSE);
            seen = at(ANALYSES, namespace, name).get();
        }
        return new Answer.Unavailable(
                "Analysis %s/%s was not completed within %ds"
                        .formatted(namespace, name, PAUSE.multipliedBy(LOOKS).toSeconds()));
    }

    /** Also when nobody waits any more: the interruption is kept for whoever comes next. */
    private void remove(String namespace, String name) {
        boolean interrupted = Thread.interrupted();
        try {
            at(ANALYSES, namespace, name).delete();
        } catch (KubernetesClientException away) {
            LOG.atWarn()
                    .addKeyValue("analysis", namespace + "/" + name)
                    .addKeyValue("status", away.getCode())
                    .log("an Analysis of Keptn is left over");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Resource<GenericKubernetesResource> at(
            ResourceDefinitionContext kind, String namespace, String name) {
        return context.kubernetes()
                .genericKubernetesResources(kind)
                .inNamespace(namespace)
                .withName(name);
    }

    /** As in Flagger it always is: there is nobody to ask but the cluster. */
    @Override
    public Answer available() {
        return Answer.of(context.clock().instant(), 1);
    }
}
