package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Conflict;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A release in which the API server refuses writes, loses answers, and the router ends, at any
 * write: traffic never goes where nobody serves, each command comes to its end, and who takes the
 * Canary away finds what was there. More seeds by {@code -Dserinus.interruptions=50}.
 */
class InterruptedRunsTest {

    private static final int SEEDS = Integer.getInteger("serinus.interruptions", 1);
    private static final int FAULTS = 12;
    private static final int ATTEMPTS = 80;

    /** The router ends. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Each with what its user has. */
    enum Plane {
        GATEWAY_API(
                "gatewayapi:v1",
                "gatewayRefs: [{name: web}]",
                "",
                """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: podinfo, labels: {team: shop}}
                spec: {parentRefs: [{name: web}], rules: [{backendRefs: [{name: podinfo, port: 9898, weight: 1}]}]}
                """),
        ROUTES_OF_ITS_OWN(
                "gatewayapi:v1",
                "routeRefs: [{kind: HTTPRoute, name: shop}]",
                "",
                """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: shop, labels: {team: shop}}
                spec: {parentRefs: [{name: web}], rules: [{backendRefs: [{name: podinfo, port: 9898, weight: 1}, {name: other, port: 80, weight: 3}]}]}
                """),
        CONTOUR(
                "contour",
                "name: podinfo",
                "",
                """
                apiVersion: projectcontour.io/v1
                kind: HTTPProxy
                metadata: {name: podinfo, labels: {team: shop}}
                spec:
                  virtualhost: {fqdn: shop.example.com}
                  routes:
                  - {conditions: [{prefix: /admin}], services: [{name: admin, port: 80}]}
                  - {conditions: [{prefix: /}], services: [{name: podinfo, port: 9898}]}
                """),
        ISTIO(
                "istio",
                "gateways: [web]",
                "",
                """
                apiVersion: networking.istio.io/v1beta1
                kind: VirtualService
                metadata: {name: podinfo, labels: {team: shop}}
                spec: {hosts: [shop.example.com], gateways: [web], http: [{route: [{destination: {host: podinfo}, weight: 1}]}]}
                """),
        SMI(
                "smi:v1alpha2",
                "name: podinfo",
                "",
                """
                apiVersion: split.smi-spec.io/v1alpha2
                kind: TrafficSplit
                metadata: {name: podinfo, labels: {team: shop}}
                spec: {service: podinfo, backends: [{service: podinfo, weight: 1}]}
                """),
        TRAEFIK(
                "traefik",
                "name: podinfo",
                "",
                """
                apiVersion: traefik.io/v1alpha1
                kind: TraefikService
                metadata: {name: podinfo, labels: {team: shop}}
                spec: {weighted: {services: [{name: podinfo, port: 9898, weight: 3}, {name: old, port: 80, weight: 1}]}}
                """),
        GLOO(
                "gloo",
                "name: podinfo",
                "",
                """
                apiVersion: gateway.solo.io/v1
                kind: RouteTable
                metadata: {name: podinfo, labels: {team: shop}}
                spec:
                  routes:
                  - matchers: [{prefix: /}]
                    routeAction: {single: {upstream: {name: test-podinfo-9898, namespace: gloo-system}}}
                """),
        APP_MESH(
                "appmesh:v1beta2",
                "name: podinfo",
                "",
                """
                apiVersion: appmesh.k8s.aws/v1beta2
                kind: VirtualRouter
                metadata: {name: podinfo, labels: {team: shop}}
                spec:
                  listeners: [{portMapping: {port: 9898, protocol: http}}]
                  routes:
                  - name: podinfo
                    httpRoute: {match: {prefix: /}, action: {weightedTargets: [{virtualNodeRef: {name: podinfo}, weight: 1}]}}
                """),
        NGINX("nginx", "name: podinfo", "ingressRef: {kind: Ingress, name: shop}", INGRESS),
        SKIPPER("skipper", "name: podinfo", "ingressRef: {kind: Ingress, name: shop}", INGRESS),
        ALB("alb", "name: podinfo", "ingressRef: {kind: Ingress, name: shop}", INGRESS),
        APISIX(
                "apisix",
                "name: podinfo",
                "routeRef: {apiVersion: apisix.apache.org/v2, kind: ApisixRoute, name: shop}",
                """
                apiVersion: apisix.apache.org/v2
                kind: ApisixRoute
                metadata: {name: shop, labels: {team: shop}}
                spec:
                  http:
                  - {name: web, match: {hosts: [shop.example.com], paths: ["/*"]}, backends: [{serviceName: podinfo, servicePort: 9898}]}
                """),
        EMISSARY(
                "emissary",
                "name: podinfo",
                "routeRef: {apiVersion: getambassador.io/v3alpha1, kind: Mapping, name: shop}",
                """
                apiVersion: getambassador.io/v3alpha1
                kind: Mapping
                metadata: {name: shop, labels: {team: shop}}
                spec: {hostname: shop.example.com, prefix: /, service: "podinfo:9898"}
                """);

        private final String provider;
        private final String service;
        private final String spec;
        private final String found;

        Plane(String provider, String service, String spec, String found) {
            this.provider = provider;
            this.service = service;
            this.spec = spec;
            this.found = found;
        }
    }

    private static final String INGRESS =
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata:
              name: shop
              labels: {team: shop}
              annotations: {alb.ingress.kubernetes.io/target-type: ip}
            spec:
              rules:
              - host: shop.example.com
                http:
                  paths:
                  - {path: /, pathType: Prefix, backend: {service: {name: podinfo, port: {number: 9898}}}}
            """;

    /** One release on one mesh. */
    private static final class Walk implements AutoCloseable {

        private final PretendCluster cluster = new PretendCluster().apply("workload.yaml");
        private final Random random;
        private final String uid;
        private int faults;
        private boolean restarted;
        private @Nullable AssertionError broken;

        Walk(Plane plane, long seed) {
            random = new Random(seed);
            cluster.create(plane.found);
            cluster.create(
                    """
                    apiVersion: flagger.app/v1beta1
                    kind: Canary
                    metadata: {name: podinfo}
                    spec:
                      provider: %s
                      targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                      service: {port: 9898, %s}
                      %s
                      analysis: {interval: 10s, threshold: 2, maxWeight: 60, stepWeight: 30}
                    """
                            .formatted(plane.provider, plane.service, plane.spec));
            uid = cluster.canary().at("/metadata/uid").asText();
            cluster.serve("podinfo");
            cluster.atEachWrite(this::before, this::after);
        }

        private void before(Ref ref) {
            if (ref.kind().equals(Kind.CANARY) || faults >= FAULTS || random.nextInt(5) > 0) {
                return;
            }
            faults++;
            switch (random.nextInt(4)) {
                case 0 -> throw new Conflict(ref);
                case 1 -> throw Refusal.unseen("the API server does not answer");
                case 2 -> throw Refusal.retry("forbidden for now");
                default -> throw new Killed();
            }
        }

        private void after(Ref ref) {
            check(ref);
            if (faults < FAULTS && !ref.kind().equals(Kind.CANARY) && random.nextInt(8) == 0) {
                faults++;
                throw random.nextBoolean() ? new Killed() : Refusal.unseen("the answer was lost");
            }
        }

        private int available(String deployment) {
            var found = cluster.objects().find(cluster.ref(Kind.DEPLOYMENT, deployment));
            return found == null || found.at("/spec/replicas").asInt(1) == 0
                    ? 0
                    : found.at("/status/availableReplicas").asInt();
        }

        /** Kept until the command is over, which takes what a write throws for an answer. */
        private void check(Ref written) {
            var canary =
                    cluster.canaries()
                            .get(PretendCluster.NAMESPACE, "podinfo")
                            .map(it -> it.inForce())
                            .orElse(null);
            if (canary == null || broken != null) {
                return;
            }
            var shown = cluster.context().routers().of(canary).current(cluster.objects()::find);
            try {
                if (shown.filter(Split::reachesCanary).isPresent()) {
                    assertThat(available("podinfo"))
                            .as("pods of the canary, after %s", written)
                            .isPositive();
                }
                if (shown.filter(Split::reachesPrimary).isPresent()) {
                    assertThat(available("podinfo-primary"))
                            .as("pods of the primary, after %s", written)
                            .isPositive();
                    assertThat(cluster.has(Kind.SERVICE, "podinfo-primary"))
                            .as("Service of the primary, after %s", written)
                            .isTrue();
                }
                var apex = cluster.objects().find(cluster.ref(Kind.SERVICE, "podinfo"));
                if (apex != null) {
                    assertThat(available(apex.at("/spec/selector/app").asText()))
                            .as("pods of the apex, after %s", written)
                            .isPositive();
                }
            } catch (AssertionError wrong) {
                broken = wrong;
            }
        }

        private RouterResult sent(RouterCommand.Builder command) {
            return restarted ? cluster.sendToAnother(command) : cluster.send(command);
        }

        void done(RouterAction action, long step, int weight, boolean running) {
            var command =
                    cluster.command(action, step).setCanaryWeight(weight).setTargetRunning(running);
            String because = "";
            for (int i = 0; i < ATTEMPTS; i++) {
                try {
                    var answer = sent(command);
                    if (broken != null) {
                        throw broken;
                    }
                    because = answer.getOutcome() + " " + answer.getBecause();
                    if (answer.getOutcome() == RouterOutcome.DONE) {
                        return;
                    }
                    assertThat(answer.getOutcome()).as(because).isEqualTo(RouterOutcome.RETRY);
                    var pause = answer.getRetryAfterMillis();
                    cluster.pass(Duration.ofMillis(pause == null ? 1000 : pause));
                    served();
                } catch (Killed end) {
                    restarted = true;
                    cluster.context().recent().forget(uid);
                    cluster.context().turns().forget(uid);
                    cluster.restart(() -> {});
                }
            }
            throw new AssertionError(
                    "%s %d did not end in %d attempts: %s"
                            .formatted(action, step, ATTEMPTS, because));
        }

        /** Pods that are asked for serve. */
        void served() {
            for (String deployment : List.of("podinfo", "podinfo-primary")) {
                if (cluster.has(Kind.DEPLOYMENT, deployment)) {
                    cluster.serve(deployment);
                }
            }
        }

        private List<ObjectNode> theirs(List<Ref> refs) {
            List<ObjectNode> content = new ArrayList<>();
            for (Ref ref : refs) {
                var object = cluster.objects().find(ref);
                content.add(object == null ? ClusterObject.blank(ref).json() : content(object));
            }
            return content;
        }

        private static ObjectNode content(ClusterObject object) {
            var content = ClusterObject.blank(object.ref()).json();
            content.set("spec", object.at("/spec"));
            content.putPOJO("labels", object.labels());
            content.putPOJO("annotations", object.annotations());
            return content;
        }

        void run(Plane plane) {
            // What its user has, which is to be there again.
            var refs =
                    List.of(
                            cluster.context().routers().all().stream()
                                    .filter(it -> it.mesh().provider().equals(plane.provider))
                                    .flatMap(
                                            it ->
                                                    Stream.of(
                                                                    it.mesh().reads(),
                                                                    it.mesh().writes(),
                                                                    it.mesh().steers())
                                                            .flatMap(List::stream))
                                    .filter(it -> plane.found.contains("kind: " + it.name() + "\n"))
                                    .map(
                                            it ->
                                                    cluster.ref(
                                                            it,
                                                            plane.found.contains("name: shop")
                                                                    ? "shop"
                                                                    : "podinfo"))
                                    .filter(it -> cluster.objects().find(it) != null)
                                    .findFirst()
                                    .orElseThrow());
            var before = theirs(refs);
            // How far it comes before the Canary is taken away.
            int stop = random.nextInt(7);
            done(RouterAction.INITIALIZE, 1, 0, true);
            served();
            if (stop > 0) {
                done(RouterAction.TAKE_OVER, 2, 0, false);
            }
            if (stop > 1) {
                cluster.release("podinfo:2");
                done(RouterAction.SCALE, 3, 0, true);
                served();
            }
            if (stop > 2) {
                done(RouterAction.SHIFT, 4, 30, true);
            }
            if (stop > 3) {
                done(RouterAction.SHIFT, 5, 60, true);
            }
            if (stop > 4) {
                done(RouterAction.SHIFT, 6, 0, true);
            }
            if (stop > 5) {
                done(RouterAction.SCALE, 7, 0, false);
            }
            cluster.delete("podinfo");
            done(RouterAction.RESTORE, 9, 0, true);
            assertThat(theirs(refs)).isEqualTo(before);
            assertThat(cluster.has(Kind.DEPLOYMENT, "podinfo-primary")).isFalse();
            assertThat(cluster.has(Kind.CANARY, "podinfo")).isFalse();
        }

        @Override
        public void close() {
            cluster.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Plane.class)
    void whateverIsInterruptedNobodyIsLeftUnserved(Plane plane) {
        for (long seed = 0; seed < SEEDS; seed++) {
            try (var walk = new Walk(plane, seed)) {
                walk.run(plane);
            } catch (AssertionError | RuntimeException wrong) {
                throw new AssertionError("%s, seed %d".formatted(plane, seed), wrong);
            }
        }
    }
}
