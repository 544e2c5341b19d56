package dev.serinus.conformance.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.time.Timeline;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

class WorkloadsTest {

    private static final String DEPLOYMENT =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: podinfo}
            spec:
              replicas: 2
              progressDeadlineSeconds: 60
              strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 0}}
              selector: {matchLabels: {app: podinfo}}
              template:
                metadata: {labels: {app: podinfo}, annotations: {lab/ready: "at once"}}
                spec: {containers: [{name: podinfod, image: "podinfo:1"}]}
            """;

    private final Timeline timeline = new Timeline(Instant.parse("2026-11-25T12:00:00Z"));
    private final SimulatedCluster cluster = new SimulatedCluster(timeline, _ -> {});
    private final Kubectl kubectl = new Kubectl(cluster.objects(), "test");

    @AfterEach
    void close() {
        timeline.close();
    }

    @Test
    void aDeploymentBecomesReady() throws InterruptedException {
        kubectl.apply(DEPLOYMENT);
        pass(1);

        assertThat(status().path("availableReplicas").asInt()).isEqualTo(2);
        assertThat(status().path("observedGeneration").asInt()).isEqualTo(1);
        assertThat(progressing()).isEqualTo("NewReplicaSetAvailable");
    }

    @Test
    void aRolloutKeepsWhatServesUntilTheNewPodsAreReady() throws InterruptedException {
        kubectl.apply(DEPLOYMENT);
        pass(1);

        patch("{\"metadata\": {\"annotations\": {\"lab/ready\": \"never\"}}}");
        pass(30);
        assertThat(status().path("availableReplicas").asInt()).isEqualTo(2);
        assertThat(status().path("updatedReplicas").asInt()).isEqualTo(1);
        assertThat(status().path("replicas").asInt()).isEqualTo(3);

        patch("{\"metadata\": {\"annotations\": {\"lab/ready\": \"slow\"}}}");
        pass(20);
        assertThat(status().path("updatedReplicas").asInt()).isEqualTo(2);
        assertThat(status().path("replicas").asInt()).isEqualTo(2);
        assertThat(status().path("availableReplicas").asInt()).isEqualTo(2);
    }

    @Test
    void aRolloutThatGetsNowherePassesItsDeadline() throws InterruptedException {
        kubectl.apply(DEPLOYMENT);
        pass(1);
        patch("{\"metadata\": {\"annotations\": {\"lab/ready\": \"never\"}}}");

        pass(50);
        assertThat(progressing()).isNotEqualTo("ProgressDeadlineExceeded");
        pass(20);
        assertThat(progressing()).isEqualTo("ProgressDeadlineExceeded");
    }

    @Test
    void noDeadlineIsKeptByWhatIsScaledUpFromZero() throws InterruptedException {
        kubectl.apply(DEPLOYMENT.replace("replicas: 2", "replicas: 0").replace("at once", "never"));
        pass(1);

        kubectl.patch("deployment/podinfo", Json.read("{\"spec\": {\"replicas\": 2}}"), false);
        pass(120);

        assertThat(progressing()).isEqualTo("NewReplicaSetAvailable");
        assertThat(status().path("availableReplicas").asInt()).isZero();
    }

    @Test
    void podsThatAreTakenAwayComeBackWhereThereIsRoom() throws InterruptedException {
        kubectl.apply(DEPLOYMENT);
        pass(1);
        kubectl.apply(
                "{apiVersion: v1, kind: ResourceQuota, metadata: {name: full}, spec: {hard: {pods:"
                        + " \"1\"}}}");

        cluster.deletePods("test", "app", "podinfo");
        pass(5);

        assertThat(status().path("availableReplicas").asInt()).isEqualTo(1);
    }

    @Test
    void aPortOfTheNodeIsForOnePod() throws InterruptedException {
        String port = "image: \"podinfo:1\", ports: [{containerPort: 80, hostPort: 80}]";
        kubectl.apply(
                DEPLOYMENT
                        .replace("replicas: 2", "replicas: 1")
                        .replace("image: \"podinfo:1\"", port));
        kubectl.apply(
                DEPLOYMENT
                        .replace("replicas: 2", "replicas: 1")
                        .replace("image: \"podinfo:1\"", port)
                        .replace("{name: podinfo}", "{name: other}"));
        pass(5);
        assertThat(status("other").path("availableReplicas").asInt()).isZero();

        kubectl.patch("deployment/podinfo", Json.read("{\"spec\": {\"replicas\": 0}}"), false);
        pass(5);
        assertThat(status("other").path("availableReplicas").asInt()).isEqualTo(1);
    }

    @Test
    void aDaemonSetRunsOnTheNodeThatItSelects() throws InterruptedException {
        kubectl.apply(
                """
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: podinfo}
                spec:
                  selector: {matchLabels: {app: podinfo}}
                  template:
                    metadata: {labels: {app: podinfo}}
                    spec: {nodeSelector: {kubernetes.io/os: linux}, containers: [{name: podinfod, image: "podinfo:1"}]}
                """);
        pass(1);
        assertThat(daemons().path("numberAvailable").asInt()).isEqualTo(1);

        kubectl.patch(
                "daemonset/podinfo",
                Json.read(
                        "{\"spec\": {\"template\": {\"spec\": {\"nodeSelector\": {\"x\":"
                                + " \"y\"}}}}}"),
                false);
        pass(1);
        assertThat(daemons().path("desiredNumberScheduled").asInt()).isZero();
        assertThat(daemons().has("numberAvailable")).isFalse();
    }

    @Test
    void whatBelongedToADeletedObjectGoes() throws InterruptedException {
        kubectl.apply(DEPLOYMENT);
        var owned = Json.object();
        ObjectNode metadata = owned.putObject("metadata");
        metadata.put("name", "copy").put("namespace", "test");
        metadata.putArray("ownerReferences")
                .addObject()
                .put("uid", deployment("podinfo").at("/metadata/uid").asText());
        Resource configs = Resource.called("configmap").orElseThrow();
        cluster.objects().create(configs, owned);

        kubectl.delete(new Kubectl.Named(Deployments.KIND, "podinfo"));
        pass(1);

        assertThat(cluster.objects().list(configs, "test")).isEmpty();
    }

    @Test
    void whatHasAnotherOwnerStays() throws InterruptedException {
        kubectl.apply(DEPLOYMENT);
        kubectl.apply(DEPLOYMENT.replace("podinfo", "other"));
        var owned = Json.object();
        ObjectNode metadata = owned.putObject("metadata");
        metadata.put("name", "copy").put("namespace", "test");
        var owners = metadata.putArray("ownerReferences");
        for (String owner : List.of("podinfo", "other")) {
            owners.addObject()
                    .put("name", owner)
                    .put("uid", deployment(owner).at("/metadata/uid").asText());
        }
        Resource configs = Resource.called("configmap").orElseThrow();
        cluster.objects().create(configs, owned);

        kubectl.delete(new Kubectl.Named(Deployments.KIND, "podinfo"));
        pass(1);

        assertThat(cluster.objects().list(configs, "test"))
                .singleElement()
                .satisfies(
                        it ->
                                assertThat(
                                                it.at("/metadata/ownerReferences")
                                                        .findValuesAsText("name"))
                                        .containsExactly("other"));
    }

    private void pass(long seconds) throws InterruptedException {
        timeline.sleep(Duration.ofSeconds(seconds));
    }

    private void patch(String template) {
        var patch = Json.object();
        patch.putObject("spec").set("template", Json.read(template));
        kubectl.patch("deployment/podinfo", patch, false);
    }

    private JsonNode deployment(String name) {
        return cluster.objects().get(Deployments.KIND, "test", name);
    }

    private JsonNode status() {
        return status("podinfo");
    }

    private JsonNode status(String name) {
        return deployment(name).path("status");
    }

    private JsonNode daemons() {
        return cluster.objects().get(DaemonSets.KIND, "test", "podinfo").path("status");
    }

    private String progressing() {
        for (JsonNode condition : status().path("conditions")) {
            if (condition.path("type").asText().equals("Progressing")) {
                return condition.path("reason").asText();
            }
        }
        return "";
    }
}
