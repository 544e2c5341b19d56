package dev.serinus.cli;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.mesh.Kuma;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Canaries in an API server as Serinus leaves them when it is stopped, and the command line. */
final class Estate {

    /** As Flagger would write it. */
    static final String FLAGGERS = "6544dc6d99";

    private final KubernetesClient client;
    private final Path directory;

    Estate(KubernetesClient client, Path directory) {
        this.client = client;
        this.directory = directory;
    }

    /** A Canary at rest, its target at this image and its primary at that. */
    void canary(String name, String phase, String applied, String target, String primary) {
        create(
                """
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata:
                  name: %1$s
                  finalizers: [finalizer.flagger.app, example.com/other]
                  annotations: {serinus.dev/claim: here@kafka, example.com/kept: "1"}
                spec:
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: %1$s}
                  service: {port: 80}
                status: {phase: %2$s, lastAppliedSpec: "%3$s"}
                """
                        .formatted(name, phase, applied));
        String uid = canary(name).getMetadata().getUid();
        workload(name, target, "");
        workload(name + "-primary", primary, "      annotations: {flagger-id: x}");
        create(
                """
                apiVersion: v1
                kind: Service
                metadata:
                  name: %1$s
                  annotations: {serinus.dev/step: "1.4"}
                  ownerReferences:
                  - {apiVersion: flagger.app/v1beta1, kind: Canary, name: %1$s, uid: "%2$s"}
                  - {apiVersion: apps/v1, kind: Deployment, name: %1$s, uid: of-the-target}
                spec: {selector: {app: %1$s-primary}, ports: [{port: 80}]}
                """
                        .formatted(name, uid));
        create(
                """
                apiVersion: apps/v1
                kind: ControllerRevision
                metadata: {name: %s-primary-1, labels: {serinus.dev/canary: "%s"}}
                revision: 1
                """
                        .formatted(name, uid));
    }

    /** A Canary of a Knative Service that shows this revision and has that as its primary. */
    void knative(String name, String latest, String primary) {
        of(name, "serving.knative.dev/v1", "provider: knative");
        create(
                """
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: %s, annotations: {flagger.app/primary-revision: %s}}
                status: {latestCreatedRevisionName: %s}
                """
                        .formatted(name, primary, latest));
    }

    /** A Canary of a Service that leads to this version, and its primary to that. */
    void service(String name, String version, String primary) {
        of(name, "v1", "service: {port: 80}");
        for (var each : Map.of(name, version, name + "-primary", primary).entrySet()) {
            create(
                    """
                    apiVersion: v1
                    kind: Service
                    metadata: {name: %s}
                    spec: {selector: {version: %s}, ports: [{port: 80}]}
                    """
                            .formatted(each.getKey(), each.getValue()));
        }
    }

    private void of(String name, String apiVersion, String more) {
        create(
                """
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: %1$s, finalizers: [finalizer.flagger.app]}
                spec:
                  targetRef: {apiVersion: %2$s, kind: Service, name: %1$s}
                  %3$s
                status: {phase: Succeeded, lastAppliedSpec: ours}
                """
                        .formatted(name, apiVersion, more));
    }

    private void workload(String name, String image, String annotations) {
        create(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s, annotations: {serinus.dev/step: "1.4"}}
                spec:
                  selector: {matchLabels: {app: %1$s}}
                  template:
                    metadata:
                      labels: {app: %1$s}
                %3$s
                    spec:
                      containers: [{name: app, image: "%2$s", envFrom: [{configMapRef: {name: %4$s}}]}]
                """
                        .formatted(name, image, annotations, config(name)));
    }

    private static String config(String workload) {
        return workload.endsWith("-primary") ? "settings-primary" : "settings";
    }

    /** What the targets read, and what the primaries do. */
    void settings(String live, String copy) {
        create(configMap("settings", live));
        create(configMap("settings-primary", copy));
    }

    private static String configMap(String name, String value) {
        return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: %s}
        data: {color: %s}
        """
                .formatted(name, value);
    }

    void create(String yaml) {
        GenericKubernetesResource object =
                client.getKubernetesSerialization()
                        .unmarshal(yaml, GenericKubernetesResource.class);
        var _ =
                client.genericKubernetesResources(kind(object.getKind()))
                        .inNamespace("shop")
                        .resource(object)
                        .create();
    }

    private static ResourceDefinitionContext kind(String name) {
        return Stream.concat(
                        Stream.of(Kinds.CANARY, Kinds.CONTROLLER_REVISION), Kinds.MARKED.stream())
                .filter(kind -> kind.getKind().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A Canary steers a route of the user's own. */
    void steerOwnRoute(String name) {
        respec(
                name,
                "service",
                Map.of(
                        "port",
                        80,
                        "routeRefs",
                        List.of(Map.of("kind", "HTTPRoute", "name", "web"))));
    }

    /** An apex Service selects pods of the canary. */
    void leadToCanary(String apex) {
        var _ =
                client.services()
                        .inNamespace("shop")
                        .withName(apex)
                        .edit(
                                it -> {
                                    it.getMetadata()
                                            .getAnnotations()
                                            .put("serinus.dev/apex-split", "{}");
                                    it.getSpec().setSelector(Map.of("app", apex));
                                    return it;
                                });
    }

    /** A Canary gets its shares by pods. */
    void shareByPods(String name) {
        respec(name, "analysis", Map.of("stepWeight", 10, "replicas", "weighted"));
    }

    /** A Canary goes by other steps. */
    void stepBy(String name, Double... weights) {
        respec(name, "analysis", Map.of("stepWeights", List.of(weights)));
    }

    /** A metric of a Canary is compared with the primary's, and is bounded so. */
    void compare(String name, Map<String, Object> bounds) {
        var metric = new HashMap<String, Object>(bounds);
        metric.put("name", "latency");
        metric.put("query", "latency");
        metric.put("compare", Map.of("judge", "ratio"));
        respec(name, "analysis", Map.of("stepWeight", 10, "metrics", List.of(metric)));
    }

    /** A Canary's only metric is this one. */
    void metric(String name, Map<String, Object> metric) {
        respec(name, "analysis", Map.of("stepWeight", 10, "metrics", List.of(metric)));
    }

    /** A MetricTemplate of the namespace shop asks this provider. */
    void metricTemplate(String name, Map<String, Object> provider) {
        var template = new GenericKubernetesResource();
        template.setApiVersion("flagger.app/v1beta1");
        template.setKind("MetricTemplate");
        template.setMetadata(new ObjectMetaBuilder().withNamespace("shop").withName(name).build());
        template.setAdditionalProperty("spec", Map.of("provider", provider, "query", "up"));
        var _ =
                client.genericKubernetesResources(ResourceWatch.METRIC_TEMPLATES)
                        .inNamespace("shop")
                        .resource(template)
                        .create();
    }

    private void respec(String name, String part, Object value) {
        var _ =
                client.genericKubernetesResources(Kinds.CANARY)
                        .inNamespace("shop")
                        .withName(name)
                        .edit(
                                it -> {
                                    it.setAdditionalProperty(
                                            "spec",
                                            Map.of(
                                                    "targetRef",
                                                    it.get("spec", "targetRef"),
                                                    part,
                                                    value));
                                    return it;
                                });
    }

    /** A Canary of the namespace shop names its provider. */
    void provider(String canary, String provider) {
        var _ =
                client.genericKubernetesResources(Kinds.CANARY)
                        .inNamespace("shop")
                        .withName(canary)
                        .edit(
                                it -> {
                                    it.setAdditionalProperty(
                                            "spec",
                                            Map.of(
                                                    "provider",
                                                    provider,
                                                    "targetRef",
                                                    it.<Object>get("spec", "targetRef")));
                                    return it;
                                });
    }

    /** An autoscaler whose minimum was raised, with what is noted of it. */
    void autoscaler(String name, int minimum, String noted) {
        var _ =
                client.genericKubernetesResources(Kind.AUTOSCALER.context())
                        .inNamespace("shop")
                        .resource(
                                client.getKubernetesSerialization()
                                        .unmarshal(
                                                """
                                                apiVersion: autoscaling/v2
                                                kind: HorizontalPodAutoscaler
                                                metadata: {name: %s, annotations: {serinus.dev/held-minimum: "%s"}}
                                                spec: {minReplicas: %d, maxReplicas: 10}
                                                """
                                                        .formatted(name, noted, minimum),
                                                GenericKubernetesResource.class))
                        .create();
    }

    /** Names of autoscalers, each with its minimum. */
    List<String> minimums() {
        return client
                .genericKubernetesResources(Kind.AUTOSCALER.context())
                .inNamespace("shop")
                .list()
                .getItems()
                .stream()
                .map(it -> it.getMetadata().getName() + " " + it.get("spec", "minReplicas"))
                .sorted()
                .toList();
    }

    /** Of the whole cluster, and this Canary's. */
    void trafficRoute(String name, String canary) {
        var _ =
                client.genericKubernetesResources(Kuma.TRAFFIC_ROUTE.context())
                        .resource(
                                client.getKubernetesSerialization()
                                        .unmarshal(
                                                """
                                                apiVersion: kuma.io/v1alpha1
                                                kind: TrafficRoute
                                                metadata: {name: %s, annotations: {serinus.dev/canary: %s}}
                                                """
                                                        .formatted(name, canary),
                                                GenericKubernetesResource.class))
                        .create();
    }

    /** Those that still say whose they are, with what they say. */
    List<String> trafficRoutes() {
        return client
                .genericKubernetesResources(Kuma.TRAFFIC_ROUTE.context())
                .list()
                .getItems()
                .stream()
                .filter(it -> it.getMetadata().getAnnotations().containsKey("serinus.dev/canary"))
                .map(
                        it ->
                                it.getMetadata().getName()
                                        + " "
                                        + it.getMetadata()
                                                .getAnnotations()
                                                .get("serinus.dev/canary"))
                .toList();
    }

    /** The status of a Canary has these fields as well. */
    void says(String name, String yaml) {
        Map<?, ?> said = client.getKubernetesSerialization().unmarshal(yaml, Map.class);
        var _ =
                client.genericKubernetesResources(Kinds.CANARY)
                        .inNamespace("shop")
                        .withName(name)
                        .editStatus(
                                canary -> {
                                    Map<Object, Object> status =
                                            new HashMap<>(canary.<Map<?, ?>>get("status"));
                                    status.putAll(said);
                                    canary.setAdditionalProperty("status", status);
                                    return canary;
                                });
    }

    GenericKubernetesResource canary(String name) {
        return client.genericKubernetesResources(Kinds.CANARY)
                .inNamespace("shop")
                .withName(name)
                .require();
    }

    /** Somebody asks for its deletion. */
    void delete(String name) {
        var _ =
                client.genericKubernetesResources(Kinds.CANARY)
                        .inNamespace("shop")
                        .withName(name)
                        .delete();
    }

    /** All objects that still bear a key of Serinus', by kind and name. */
    List<String> marked() {
        return List.of(
                        client.genericKubernetesResources(Kinds.CANARY)
                                .inNamespace("shop")
                                .list()
                                .getItems(),
                        client.resources(Deployment.class).inNamespace("shop").list().getItems(),
                        client.resources(Service.class).inNamespace("shop").list().getItems(),
                        client.resources(ControllerRevision.class)
                                .inNamespace("shop")
                                .list()
                                .getItems())
                .stream()
                .flatMap(List::stream)
                .filter(it -> it.getMetadata().toString().contains("serinus.dev/"))
                .map(it -> it.getKind() + "/" + it.getMetadata().getName())
                .sorted()
                .toList();
    }

    /** The kinds of a Service's owners. */
    List<String> ownersOf(String service) {
        return client
                .services()
                .inNamespace("shop")
                .withName(service)
                .require()
                .getMetadata()
                .getOwnerReferences()
                .stream()
                .map(OwnerReference::getKind)
                .toList();
    }

    /** What became of a command. */
    record Told(int code, String out) {}

    Told command(String... words) throws Exception {
        var out = new StringWriter();
        var line = new CommandLine(new Main()).setOut(new PrintWriter(out));
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--kubeconfig";
        all[words.length + 1] = kubeconfig().toString();
        return new Told(line.execute(all), out.toString());
    }

    /** Leads to the API server. */
    Path kubeconfig() throws IOException {
        Path kubeconfig = directory.resolve("kubeconfig");
        Files.writeString(
                kubeconfig,
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s"}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: c, context: {cluster: c, user: u}}]
                current-context: c
                """
                        .formatted(client.getMasterUrl()));
        return kubeconfig;
    }
}
