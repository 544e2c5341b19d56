package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** A Canary that is deleted leaves no outage behind. */
class RestoreTest {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Kind ROUTE =
            new Kind("networking.istio.io", "v1beta1", "VirtualService", "virtualservices");

    private final PretendCluster cluster =
            new PretendCluster().apply("workload.yaml").apply("istio-canary.yaml");

    @BeforeEach
    void foundThings() {
        cluster.create(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: podinfo, labels: {mine: "yes"}}
                spec: {selector: {app: podinfo}, ports: [{name: http, port: 80, targetPort: 9898}]}
                ---
                apiVersion: networking.istio.io/v1beta1
                kind: VirtualService
                metadata: {name: podinfo, labels: {mine: "yes"}}
                spec: {hosts: [podinfo], http: [{route: [{destination: {host: podinfo}}]}]}
                """);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private void inTheMiddleOfARun() {
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        cluster.release("podinfo:unanalysed");
        cluster.scale(3, true);
        cluster.serve("podinfo");
        cluster.shift(4, 30);
    }

    private ClusterObject delete() {
        cluster.delete("podinfo");
        return cluster.canary();
    }

    private RouterResult restore(ClusterObject canary) {
        return cluster.ask(cluster.command(RouterAction.RESTORE, 9, canary));
    }

    private String image() {
        return cluster.get(Kind.DEPLOYMENT, "podinfo")
                .at("/spec/template/spec/containers/0/image")
                .asText();
    }

    @Test
    void whatServedStaysUntilADataPlaneCanHaveSeenTheRouteThatIsGivenBack() {
        // Given
        inTheMiddleOfARun();
        var canary = delete();
        var released = new AtomicReference<Instant>();
        cluster.interfere(ref -> ref.kind().equals(Kind.CANARY), () -> released.set(cluster.now()));
        // When
        var done = restore(canary);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(Kind.SERVICE, "podinfo-primary")).isFalse();
        // The last of its writes takes away names that no request goes to any more.
        var writes =
                cluster.written().stream()
                        .filter(it -> it.ref().equals(cluster.ref(ROUTE, "podinfo")))
                        .toList();
        assertThat(released.get())
                .isEqualTo(writes.get(writes.size() - 2).at().plus(PretendCluster.PATIENCE));
    }

    @Test
    void inTheMiddleOfARunTheLastPromotedStateServesBeforeTheCanaryGoes() {
        // Given
        inTheMiddleOfARun();
        var canary = delete();
        cluster.edit(
                Kind.DEPLOYMENT, "podinfo", it -> it.put("status", null)); // its pods begin anew
        // When
        var waiting = restore(canary);
        // Then
        assertThat(waiting.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(waiting.getBecause())
                .startsWith("canary not ready during finalizing: waiting for rollout to finish");
        assertThat(image()).isEqualTo("podinfo:1");
        assertThat(
                        cluster.get(Kind.DEPLOYMENT, "podinfo")
                                .at("/spec/template/spec/containers/0/env/0")
                                .toString())
                .contains("\"podinfo-config\"");
        assertThat(cluster.get(Kind.SERVICE, "podinfo").at("/spec/selector/app").asText())
                .as("the apex leads to the primary until the target serves")
                .isEqualTo("podinfo-primary");
        // When
        cluster.serve("podinfo");
        var done = restore(canary);
        // Then
        assertThat(done.getBecause()).isEmpty();
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(Kind.CANARY, "podinfo")).isFalse();
    }

    @Test
    void whatWasTakenOverIsGivenBackAsItWasFound() {
        // Given
        var service = cluster.get(Kind.SERVICE, "podinfo");
        var route = cluster.get(ROUTE, "podinfo");
        inTheMiddleOfARun();
        var canary = delete();
        restore(canary);
        cluster.serve("podinfo");
        // When
        restore(canary);
        // Then
        var now = cluster.get(Kind.SERVICE, "podinfo");
        assertThat(now.at("/spec")).isEqualTo(service.at("/spec"));
        assertThat(now.labels()).isEqualTo(service.labels());
        assertThat(now.annotations()).isEqualTo(service.annotations());
        assertThat(cluster.get(ROUTE, "podinfo").fingerprint()).isEqualTo(route.fingerprint());
    }

    @Test
    void whatItsOwnerHasMadeOfTheApexServiceMeanwhileStays() {
        // Given
        inTheMiddleOfARun();
        cluster.edit(
                Kind.SERVICE,
                "podinfo",
                it ->
                        it.spec("type", JSON.textNode("LoadBalancer"))
                                .spec(
                                        "loadBalancerSourceRanges",
                                        JSON.arrayNode().add("10.0.0.0/8"))
                                .annotate("example.com/balancer", "internal")
                                .label(Map.of("mine", "still")));
        var canary = delete();
        restore(canary);
        cluster.serve("podinfo");
        // When
        restore(canary);
        // Then
        var now = cluster.get(Kind.SERVICE, "podinfo");
        assertThat(now.at("/spec/selector").toString()).isEqualTo("{\"app\":\"podinfo\"}");
        assertThat(now.at("/spec/type").asText()).isEqualTo("LoadBalancer");
        assertThat(now.at("/spec/loadBalancerSourceRanges/0").asText()).isEqualTo("10.0.0.0/8");
        assertThat(now.annotations()).containsOnlyKeys("example.com/balancer");
        assertThat(now.labels()).containsEntry("mine", "still");
    }

    /** A port that was closed must not be open to the world again. */
    @Test
    void portsThatItsOwnerHasOpenedOrClosedMeanwhileStaySo() {
        // Given
        cluster.edit(
                Kind.SERVICE,
                "podinfo",
                it -> it.spec().withArrayProperty("ports").add(port("metrics", 8080)));
        inTheMiddleOfARun();
        cluster.edit(
                Kind.SERVICE,
                "podinfo",
                it -> {
                    var ports = it.spec().withArrayProperty("ports");
                    for (int i = ports.size() - 1; i >= 0; i--) {
                        if (ports.path(i).path("port").asInt() == 8080) {
                            ports.remove(i);
                        }
                    }
                    ports.add(port("https", 443));
                });
        var canary = delete();
        restore(canary);
        cluster.serve("podinfo");
        // When
        restore(canary);
        // Then
        var ports = cluster.get(Kind.SERVICE, "podinfo").at("/spec/ports");
        assertThat(ports.findValuesAsText("port")).containsExactly("80", "443");
        assertThat(ports.findValuesAsText("name")).containsExactly("http", "https");
    }

    private static ObjectNode port(String name, int number) {
        return JSON.objectNode().put("name", name).put("port", number).put("targetPort", number);
    }

    @Test
    void anApexServiceThatItsOwnerLedElsewhereMeanwhileIsLedThere() {
        // Given
        inTheMiddleOfARun();
        cluster.edit(
                Kind.SERVICE,
                "podinfo",
                it ->
                        it.spec(
                                "selector",
                                JSON.objectNode().put("app", "podinfo").put("tier", "web")));
        cluster.shift(5, 0);
        assertThat(cluster.get(Kind.SERVICE, "podinfo").at("/spec/selector/app").asText())
                .isEqualTo("podinfo");
        cluster.takeOver(6);
        assertThat(cluster.get(Kind.SERVICE, "podinfo").at("/spec/selector/app").asText())
                .isEqualTo("podinfo-primary");
        var canary = delete();
        restore(canary);
        cluster.serve("podinfo");
        // When
        restore(canary);
        // Then
        assertThat(cluster.get(Kind.SERVICE, "podinfo").at("/spec/selector").toString())
                .isEqualTo("{\"app\":\"podinfo\",\"tier\":\"web\"}");
    }

    @Test
    void servicesThatWereThereByTheNamesOfTheSidesAreGivenBack() {
        // Given
        cluster.create(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: podinfo-primary, annotations: {mine: "yes"}}
                spec: {selector: {app: podinfo-blue}, ports: [{name: web, port: 8080, targetPort: 80}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: podinfo-canary}
                spec: {selector: {app: podinfo-green}, ports: [{name: web, port: 8080, targetPort: 80}]}
                """);
        var primary = cluster.get(Kind.SERVICE, "podinfo-primary");
        var green = cluster.get(Kind.SERVICE, "podinfo-canary");
        var initialized = cluster.initialize(1);
        assertThat(initialized.getBecause())
                .contains(
                        "service podinfo-canary.test was there before and led to other pods"
                            + " (spec.selector {\"app\":\"podinfo-green\"}): until the Canary goes"
                            + " it leads to those of the canary")
                .contains("service podinfo-primary.test was there before")
                .contains("those of the primary");
        assertThat(cluster.initialize(1).getBecause()).isEmpty();
        inTheMiddleOfARun();
        assertThat(cluster.get(Kind.SERVICE, "podinfo-primary").at("/spec/selector/app").asText())
                .isEqualTo("podinfo-primary");
        var canary = delete();
        restore(canary);
        cluster.serve("podinfo");
        // When
        restore(canary);
        // Then
        var now = cluster.get(Kind.SERVICE, "podinfo-primary");
        assertThat(now.at("/spec")).isEqualTo(primary.at("/spec"));
        assertThat(now.annotations()).isEqualTo(primary.annotations());
        assertThat(cluster.get(Kind.SERVICE, "podinfo-canary").at("/spec"))
                .isEqualTo(green.at("/spec"));
    }

    @Test
    void withoutARevertTheyAreGivenBackAsWell() {
        // Given
        cluster.create(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: podinfo-primary, annotations: {mine: "yes"}}
                spec: {selector: {app: podinfo-blue}, ports: [{name: web, port: 8080, targetPort: 80}]}
                """);
        var primary = cluster.get(Kind.SERVICE, "podinfo-primary");
        cluster.initialize(1);
        inTheMiddleOfARun();
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("revertOnDeletion", false));
        // When
        restore(delete());
        // Then
        var now = cluster.get(Kind.SERVICE, "podinfo-primary");
        assertThat(now.at("/spec")).isEqualTo(primary.at("/spec"));
        assertThat(now.annotations()).isEqualTo(primary.annotations());
        assertThat(cluster.has(Kind.CANARY, "podinfo")).isFalse();
    }

    /** The target of before is an owner of them, so that no collector takes them. */
    @Test
    void thePrimaryOfATargetThatTheCanaryHadBeforeGoesWithIt() {
        // Given
        cluster.initialize(1);
        cluster.serve("podinfo-primary");
        cluster.serve("podinfo");
        cluster.takeOver(2);
        var shop = cluster.get(Kind.DEPLOYMENT, "podinfo").json().deepCopy();
        shop.withObjectProperty("metadata")
                .put("name", "shop")
                .remove(List.of("uid", "resourceVersion", "annotations", "generation"));
        for (String labels :
                List.of("/spec/selector/matchLabels", "/spec/template/metadata/labels")) {
            ((ObjectNode) shop.at(labels)).put("app", "shop");
        }
        shop.withObjectProperty("spec").put("replicas", 2);
        cluster.create(shop.toString());
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> it.spec().withObjectProperty("targetRef").put("name", "shop"));
        cluster.initialize(3);
        cluster.serve("shop-primary");
        cluster.serve("shop");
        cluster.takeOver(4);
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-primary")).isTrue();
        assertThat(cluster.has(Kind.CONFIG_MAP, "podinfo-config-primary")).isTrue();
        var canary = delete();
        restore(canary);
        cluster.serve("shop");
        // When
        var done = restore(canary);
        // Then
        assertThat(done.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(Kind.DEPLOYMENT, "shop-primary")).isFalse();
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-primary")).isFalse();
        assertThat(cluster.has(Kind.CONFIG_MAP, "podinfo-config-primary")).isFalse();
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo")).isTrue();
        assertThat(cluster.has(Kind.CONFIG_MAP, "podinfo-config")).isTrue();
    }

    @Test
    void podsThatWereNotAnalysedDoNotCountAsTheStateThatServesAgain() {
        // Given: two of the new pods are there, one of which serves, as does one of the old
        inTheMiddleOfARun();
        var canary = delete();
        cluster.edit(
                Kind.DEPLOYMENT,
                "podinfo",
                it ->
                        it.put(
                                "status",
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("observedGeneration", 1_000_000)
                                        .put("replicas", 3)
                                        .put("updatedReplicas", 2)
                                        .put("availableReplicas", 2)));
        // When
        var result = restore(canary);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-primary")).isTrue();
    }

    @Test
    void aCanaryThatIsGoneNeedsNothing() {
        // Given
        inTheMiddleOfARun();
        var canary = delete();
        restore(canary);
        cluster.serve("podinfo");
        restore(canary);
        Awaitility.await()
                .until(() -> cluster.canaries().get(PretendCluster.NAMESPACE, "podinfo").isEmpty());
        // When
        var again = restore(canary);
        // Then
        assertThat(again.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(again.getWrites()).isZero();
    }

    @Test
    void anExplicitFalseLetsGoAsFlaggerDoes() {
        // Given
        inTheMiddleOfARun();
        cluster.edit(Kind.CANARY, "podinfo", it -> it.spec().put("revertOnDeletion", false));
        var canary = delete();
        // When
        var result = restore(canary);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(image()).isEqualTo("podinfo:unanalysed");
        assertThat(cluster.get(Kind.DEPLOYMENT, "podinfo").annotation("serinus.dev/step"))
                .as("the next Canary has its own numbers")
                .isNull();
        assertThat(cluster.has(Kind.CANARY, "podinfo")).isFalse();
    }

    @Test
    void aTerminatingNamespaceIsNotHeldUp() {
        // Given
        inTheMiddleOfARun();
        cluster.client()
                .namespaces()
                .resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(PretendCluster.NAMESPACE)
                                .withFinalizers("kubernetes")
                                .endMetadata()
                                .build())
                .create();
        cluster.client().namespaces().withName(PretendCluster.NAMESPACE).delete();
        var canary = delete();
        // When
        var result = restore(canary);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(Kind.CANARY, "podinfo")).isFalse();
    }

    @Test
    void aTargetThatIsGoneDoesNotHoldTheCanary() {
        // Given
        inTheMiddleOfARun();
        cluster.objects().delete(cluster.ref(Kind.DEPLOYMENT, "podinfo"));
        var canary = delete();
        // When
        var result = restore(canary);
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.DONE);
        assertThat(cluster.has(Kind.CANARY, "podinfo")).isFalse();
        assertThat(cluster.get(Kind.SERVICE, "podinfo").at("/spec/selector/app").asText())
                .isEqualTo("podinfo");
    }

    @Test
    void aCanaryThatNobodyDeletesStays() {
        // Given
        inTheMiddleOfARun();
        // When
        var result = restore(cluster.canary());
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.RETRY);
        assertThat(cluster.has(Kind.CANARY, "podinfo")).isTrue();
    }
}
