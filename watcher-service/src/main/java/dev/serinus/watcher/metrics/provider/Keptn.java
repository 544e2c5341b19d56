package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.serinus.schemas.canary.ObjectNames;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;

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

    static final ProviderType TYPE = ProviderType.of("keptn", Keptn::new).onlyAs("the watcher");

    private static final Logger LOG = LoggerFactory.getLogger(Keptn.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int LOOKS = 10;
    private static final int LONGEST_DEFINITION = 240;

    private static final String METRICS = "keptnmetrics";
    private static final String ANALYSES = "analyses";

    private final ProviderContext context;

    private Keptn(ProviderContext context) {
        this.context = context;
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
            var reply = ClusterCall.get(context, path(METRICS, namespace) + "/" + name).send();
            if (reply.status() == 404) {
                return new Answer.Unavailable(
                        failed + "keptnmetrics.metrics.keptn.sh \"%s\" not found".formatted(name));
            }
            if (reply.status() >= 300) {
                return new Answer.Unavailable(failed + ClusterTrouble.of(reply));
            }
            return HttpSource.readJson(
                    reply.body(),
                    (object, _) -> measured(object.path("status"), namespace, name),
                    because -> new Answer.Unavailable(ClusterTrouble.shortened(failed + because)));
        } catch (ProviderHttp.NoReply none) {
            return new Answer.Unavailable(failed + none.getMessage());
        }
    }

    private Answer measured(JsonNode status, String namespace, String name)
            throws JsonText.NoNumber {
        JsonNode written = status.path("value");
        double value =
                written.isTextual() && written.textValue().isEmpty()
                        ? Double.NaN
                        : JsonText.number(written);
        return Double.isNaN(value)
                ? new Answer.NoData(
                        "KeptnMetric %s/%s has no value: %s"
                                .formatted(namespace, name, HttpSource.NO_VALUES),
                        written.isTextual() && !written.textValue().isEmpty()
                                ? List.of(updated(status))
                                : List.of())
                : Answer.of(updated(status), value);
    }

    private Instant updated(JsonNode status) {
        try {
            return Instant.parse(status.path("lastUpdated").asText());
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
                    ClusterCall.create(
                                    context, path(ANALYSES, namespace), Serialization.asJson(ours))
                            .send();
            return made.status() >= 300
                    ? new Answer.Unavailable(failed + ClusterTrouble.of(made))
                    : result(made, namespace, name, failed);
        } catch (ProviderHttp.NoReply none) {
            return new Answer.Unavailable(failed + none.getMessage());
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

    private Answer result(ProviderHttp.Reply made, String namespace, String name, String failed)
            throws ProviderHttp.NoReply, InterruptedException {
        ProviderHttp.Reply seen = made;
        for (int look = 0; look < LOOKS; look++) {
            JsonNode status = status(seen);
            if (status.path("state").asText().equals("Completed")) {
                boolean passed = status.path("pass").asBoolean();
                return Answer.of(context.clock().instant(), passed ? 1 : 0);
            }
            context.sleeper().sleep(PAUSE);
            seen = ClusterCall.get(context, path(ANALYSES, namespace) + "/" + name).send();
            if (seen.status() >= 300 && seen.status() != 404) {
                return new Answer.Unavailable(failed + ClusterTrouble.of(seen));
            }
        }
        return new Answer.Unavailable(
                "Analysis %s/%s was not completed within %ds"
                        .formatted(namespace, name, PAUSE.multipliedBy(LOOKS).toSeconds()));
    }

    /** Nothing of what is no object, or has too many parts to be an Analysis. */
    private static JsonNode status(ProviderHttp.Reply reply) {
        try {
            return JsonText.read(reply.body())
                    .orElseGet(JsonText.JSON::createObjectNode)
                    .path("status");
        } catch (JsonText.TooMany _) {
            return MissingNode.getInstance();
        }
    }

    /** Also when nobody waits any more: the interruption is kept for whoever comes next. */
    private void remove(String namespace, String name) throws InterruptedException {
        boolean interrupted = Thread.interrupted();
        try {
            var reply =
                    ClusterCall.delete(context, path(ANALYSES, namespace) + "/" + name)
                            .sendInAnyCase();
            if (reply.status() >= 300 && reply.status() != 404) {
                leftOver(namespace, name, ClusterTrouble.of(reply));
            }
        } catch (ProviderHttp.NoReply none) {
            leftOver(namespace, name, String.valueOf(none.getMessage()));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void leftOver(String namespace, String name, String because) {
        LOG.atWarn()
                .addKeyValue("analysis", namespace + "/" + name)
                .addKeyValue("because", because)
                .log("an Analysis of Keptn is left over");
    }

    private static String path(String plural, String namespace) {
        return "/apis/metrics.keptn.sh/v1beta1/namespaces/" + namespace + "/" + plural;
    }

    /** As in Flagger it always is: there is nobody to ask but the cluster. */
    @Override
    public Answer available() {
        return Answer.of(context.clock().instant(), 1);
    }
}
