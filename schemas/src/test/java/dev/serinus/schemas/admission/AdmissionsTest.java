package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Manifests;
import dev.serinus.schemas.events.HookType;
import dev.serinus.schemas.events.OnUnknown;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class AdmissionsTest {
    private static final Installation ISTIO = Installation.named("eu-1");
    private static final String NGINX =
            "provider: nginx\ningressRef: {kind: Ingress, name: shop}\n";
    private static final String ALB = "provider: alb\ningressRef: {kind: Ingress, name: shop}\n";
    private static final String EMISSARY =
            "provider: emissary\nrouteRef: {kind: Mapping, name: shop}\n";
    private static final Installation WALLED = installation("istio", true);

    private static Installation installation(String meshProvider, boolean noCrossNamespaceRefs) {
        return new Installation(
                "eu-1",
                null,
                meshProvider,
                "http://prometheus:9090",
                Duration.ofSeconds(10),
                List.of("app"),
                true,
                List.of(),
                noCrossNamespaceRefs);
    }

    /** So many entries of a match, each another one. */
    private static String entries(int many, String field, String value) {
        return IntStream.range(0, many)
                .mapToObj(
                        it ->
                                field.equals("uri")
                                        ? "{uri: {prefix: /p%d}}".formatted(it)
                                        : "{%s: {x-%d: %s}}".formatted(field, it, value))
                .collect(Collectors.joining(", "));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                row("unknown provider", "spec.provider", "provider: isto"),
                row("unknown target kind", "spec.targetRef.kind", "targetRef: {kind: StatefulSet}"),
                row(
                        "Knative target without its provider",
                        "spec.provider",
                        "targetRef: {apiVersion: serving.knative.dev/v1, kind: Service}"),
                row("Knative provider with a Deployment", "spec.targetRef", "provider: knative"),
                row(
                        "Knative provider with a Service of Kubernetes",
                        "spec.targetRef",
                        "provider: knative\ntargetRef: {apiVersion: v1, kind: Service}"),
                row(
                        "Knative target of an old version",
                        "spec.targetRef.apiVersion",
                        "provider: knative\ntargetRef: {apiVersion: serving.knative.dev/v1alpha1,"
                                + " kind: Service}"),
                row(
                        "conditions on Knative",
                        "spec.analysis.match",
                        "{provider: knative, targetRef: {apiVersion: serving.knative.dev/v1, kind:"
                                + " Service}, analysis: {iterations: 3, stepWeight: null, match:"
                                + " [{headers: {a: {exact: b}}}]}}"),
                row(
                        "session affinity on Knative",
                        "spec.analysis.sessionAffinity",
                        "{provider: knative, targetRef: {apiVersion: serving.knative.dev/v1, kind:"
                                + " Service}, analysis: {sessionAffinity: {cookieName: a}}}"),
                row(
                        "mirroring before weights on Knative",
                        "spec.analysis.mirror",
                        "{provider: knative, targetRef: {apiVersion: serving.knative.dev/v1, kind:"
                                + " Service}, analysis: {mirror: true}}"),
                row(
                        "a Service with an autoscaler",
                        "spec.autoscalerRef",
                        """
                        targetRef: {apiVersion: v1, kind: Service}
                        autoscalerRef: {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, name: podinfo}
                        """),
                row(
                        "a Service whose route leaves the rest to it, on nginx",
                        "spec.targetRef.kind",
                        NGINX + "targetRef: {apiVersion: v1, kind: Service}"),
                row(
                        "a Service whose route leaves the rest to it, on skipper",
                        "spec.targetRef.kind",
                        NGINX.replace("nginx", "skipper")
                                + "targetRef: {apiVersion: v1, kind: Service}"),
                row(
                        "a Service whose route leaves the rest to it, on emissary",
                        "spec.targetRef.kind",
                        EMISSARY + "targetRef: {apiVersion: v1, kind: Service}"),
                row(
                        "a Service under another name",
                        "spec.service.name",
                        "targetRef: {apiVersion: v1, kind: Service}\nservice: {name: other}"),
                row(
                        "Knative target with an autoscaler",
                        "spec.autoscalerRef",
                        """
                        provider: knative
                        targetRef: {apiVersion: serving.knative.dev/v1, kind: Service}
                        autoscalerRef: {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, name: podinfo}
                        """),
                row(
                        "a hook that waits for weeks",
                        "spec.analysis.webhooks[0].timeout",
                        "analysis: {webhooks: [{name: a, type: event, url: 'http://a', timeout:"
                                + " 1000h}]}"),
                row(
                        "a hook without any time",
                        "spec.analysis.webhooks[0].timeout",
                        "analysis: {webhooks: [{name: a, type: pre-rollout, url: 'http://a',"
                                + " timeout: 0s}]}"),
                row(
                        "a hook with more time than can be counted",
                        "spec.analysis.webhooks[0].timeout",
                        "analysis: {webhooks: [{name: a, url: 'http://a', timeout:"
                                + " 99999999999999m}]}"),
                row(
                        "a hook by a method of its own making",
                        "spec.analysis.webhooks[0].method",
                        "analysis: {webhooks: [{name: a, url: 'http://a', method: BREW}]}"),
                row(
                        "a header that HTTP needs for itself",
                        "spec.analysis.webhooks[0].headers.Host",
                        "analysis: {webhooks: [{name: a, url: 'http://a', headers: {Host: b}}]}"),
                row(
                        "a header that tells calls apart",
                        "spec.analysis.webhooks[0].headers.Webhook-Id",
                        "analysis: {webhooks: [{name: a, url: 'http://a', headers: {Webhook-Id:"
                                + " b}}]}"),
                row(
                        "a header with a line break",
                        "spec.analysis.webhooks[0].headers.X-A",
                        "analysis: {webhooks: [{name: a, url: 'http://a', headers: {X-A:"
                                + " \"a\\nb\"}}]}"),
                row(
                        "headers in a Secret that no Secret can be",
                        "spec.analysis.webhooks[0].secretRef.name",
                        "analysis: {webhooks: [{name: a, url: 'http://a', secretRef: {name:"
                                + " ../x}}]}"),
                row(
                        "a hook with less than no retries",
                        "spec.analysis.webhooks[0].retries",
                        "analysis: {webhooks: [{name: a, url: 'http://a', retries: -5}]}"),
                row(
                        "metadata that are too many together",
                        "spec.analysis.webhooks",
                        "analysis: {webhooks: ["
                                + "{name: a, url: 'http://a', metadata: {k: %s}},"
                                        .formatted("x".repeat(30_000))
                                        .repeat(3)
                                + "]}"),
                row(
                        "a hook that is asked for ever",
                        "spec.analysis.webhooks[0].retries",
                        "analysis: {webhooks: [{name: a, url: 'http://a', retries: 2147483647}]}"),
                row(
                        "more hooks than anybody needs",
                        "spec.analysis.webhooks",
                        "analysis: {webhooks: [" + "{name: a, url: 'http://a'},".repeat(51) + "]}"),
                row(
                        "more metrics than anybody needs",
                        "spec.analysis.metrics",
                        "analysis: {metrics: [" + "{name: request-duration},".repeat(51) + "]}"),
                row(
                        "more alerts than anybody needs",
                        "spec.analysis.alerts",
                        "analysis: {alerts: ["
                                + "{name: a, providerRef: {name: chat}},".repeat(21)
                                + "]}"),
                row(
                        "metadata as large as a book",
                        "spec.analysis.webhooks[0].metadata",
                        "analysis: {webhooks: [{name: a, url: 'http://a', metadata: {k: "
                                + "x".repeat(65_536)
                                + "}}]}"),
                row(
                        "a template that lies elsewhere",
                        "spec.analysis.metrics[0].templateRef.name",
                        "analysis: {metrics: [{name: a, templateRef: {name: ../../x}}]}"),
                row(
                        "a template's namespace that is none",
                        "spec.analysis.metrics[0].templateRef.namespace",
                        "analysis: {metrics: [{name: a, templateRef: {name: x, namespace: a/b}}]}"),
                row(
                        "an alert provider that lies elsewhere",
                        "spec.analysis.alerts[0].providerRef.name",
                        "analysis: {alerts: [{name: a, providerRef: {name: '../secrets/x'}}]}"),
                row(
                        "unknown autoscaler",
                        "spec.autoscalerRef.kind",
                        "autoscalerRef: {apiVersion: v1, kind: Robot, name: podinfo}"),
                row(
                        "autoscaler bounds crossed",
                        "spec.autoscalerRef.primaryScalerReplicas",
                        """
                        autoscalerRef:
                          {apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, name: podinfo,
                           primaryScalerReplicas: {minReplicas: 3, maxReplicas: 2}}
                        """),
                row(
                        "deadline of zero",
                        "spec.progressDeadlineSeconds",
                        "progressDeadlineSeconds: 0"),
                row("no service", "spec.service", "service: null"),
                row("no port", "spec.service.port", "service: {port: null}"),
                row("port out of range", "spec.service.port", "service: {port: 70000}"),
                row(
                        "service name too long",
                        "spec.service.name",
                        "service: {name: " + "a".repeat(56) + "}"),
                row(
                        "Gateway API without a gateway",
                        "spec.service.gatewayRefs",
                        "provider: gatewayapi:v1"),
                row(
                        "routes of the user's own on a mesh that makes its own",
                        "spec.service.routeRefs",
                        "service: {routeRefs: [{kind: HTTPRoute, name: web}]}"),
                row(
                        "a route that is named twice",
                        "spec.service.routeRefs[1]",
                        ownRoutes("{kind: HTTPRoute, name: web}, {kind: HTTPRoute, name: web}")),
                row(
                        "a route of a kind without weights",
                        "spec.service.routeRefs[0].kind",
                        ownRoutes("{kind: TLSRoute, name: web}")),
                row(
                        "A/B by routes of the user's own",
                        "spec.analysis.match",
                        ownRoutes("{kind: HTTPRoute, name: web}")
                                + abTest("headers: {a: {exact: b}}")),
                row(
                        "affinity by routes of the user's own",
                        "spec.analysis.sessionAffinity",
                        ownRoutes("{kind: GRPCRoute, name: api}")
                                + "analysis: {sessionAffinity: {cookieName: c}}"),
                row(
                        "gateways beside routes of the user's own",
                        "spec.service.gatewayRefs",
                        """
                        provider: gatewayapi:v1
                        service:
                          gatewayRefs: [{name: public}]
                          routeRefs: [{kind: HTTPRoute, name: web}]
                        """),
                row(
                        "delegation beside hosts",
                        "spec.service.delegation",
                        "service: {delegation: true, hosts: [a.example.com]}"),
                row("nginx without an Ingress", "spec.ingressRef", "provider: nginx"),
                row("skipper without an Ingress", "spec.ingressRef", "provider: skipper"),
                row("apisix without a route", "spec.routeRef", "provider: apisix"),
                row("appmesh without a mesh", "spec.service.meshName", "provider: appmesh"),
                row("no steps at all", "spec.analysis.stepWeight", "analysis: {stepWeight: null}"),
                row("step of zero", "spec.analysis.stepWeight", "analysis: {stepWeight: 0}"),
                row(
                        "no iterations",
                        "spec.analysis.iterations",
                        "analysis: {stepWeight: null, iterations: 0}"),
                row(
                        "more checks than anybody waits for",
                        "spec.analysis.iterations",
                        "analysis: {stepWeight: null, iterations: 20161}"),
                row(
                        "more conditions than a route holds",
                        "spec.analysis.match",
                        "analysis: {stepWeight: null, iterations: 3, match: ["
                                + "{headers: {a: {exact: b}}},".repeat(65)
                                + "]}"),
                row(
                        "conditions that are too many with those of the service",
                        "spec.analysis.match",
                        "{service: {match: ["
                                + "{uri: {prefix: /}},".repeat(60)
                                + "]}, analysis: {stepWeight: null, iterations: 3, match: ["
                                + "{headers: {a: {exact: b}}},".repeat(9)
                                + "]}}"),
                row("step too fine", "spec.analysis.stepWeight", "analysis: {stepWeight: 2.505}"),
                row(
                        "step not whole where weights are",
                        "spec.analysis.stepWeight",
                        "{provider: knative, service: null, targetRef: {apiVersion:"
                                + " serving.knative.dev/v1, kind: Service}, analysis: {stepWeight:"
                                + " 2.5}}"),
                row(
                        "maximum not whole where weights are",
                        "spec.analysis.maxWeight",
                        "{provider: osm, analysis: {maxWeight: 50.5}}"),
                row(
                        "promotion step not whole where weights are",
                        "spec.analysis.stepWeightPromotion",
                        "{provider: osm, analysis: {stepWeightPromotion: 0.5}}"),
                row(
                        "promotion step not whole where weights are, in Blue/Green",
                        "spec.analysis.stepWeightPromotion",
                        "{provider: osm, analysis: {stepWeight: null, iterations: 3,"
                                + " stepWeightPromotion: 0.5}}"),
                row(
                        "promotion step below nothing, in Blue/Green",
                        "spec.analysis.stepWeightPromotion",
                        "analysis: {stepWeight: null, iterations: 3, stepWeightPromotion: -1}"),
                row(
                        "more steps of a promotion than are taken",
                        "spec.analysis.stepWeightPromotion",
                        "analysis: {stepWeightPromotion: 0.1}"),
                row(
                        "fine step on NGINX, of which older ones serve something else",
                        "spec.analysis.stepWeight",
                        "{provider: nginx, ingressRef: {apiVersion: networking.k8s.io/v1, kind:"
                                + " Ingress, name: podinfo}, analysis: {stepWeight: 0.5}}"),
                row(
                        "more steps than a plan may have",
                        "spec.analysis.stepWeight",
                        "analysis: {stepWeight: 0.01}"),
                row("step beyond 100", "spec.analysis.stepWeight", "analysis: {stepWeight: 500}"),
                row("maximum beyond 100", "spec.analysis.maxWeight", "analysis: {maxWeight: 101}"),
                row("two ways of stepping", "spec.analysis", "analysis: {stepWeights: [10, 20]}"),
                row(
                        "fewer checks in all than weights",
                        "spec.analysis.iterations",
                        "analysis: {maxWeight: 50, iterations: 4}"),
                row(
                        "fewer checks in all than mirroring and weights",
                        "spec.analysis.iterations",
                        "analysis: {maxWeight: 50, iterations: 5, mirror: true}"),
                row(
                        "more checks at the last weight than a plan may have",
                        "spec.analysis.iterations",
                        "analysis: {maxWeight: 50, iterations: 201}"),
                row("a delay that is no time", "spec.analysis.delay", "analysis: {delay: soon}"),
                row("a delay that is a gate", "spec.analysis.delay", "analysis: {delay: 24h1s}"),
                row("a delay before now", "spec.analysis.delay", "analysis: {delay: -1s}"),
                row(
                        "first weight of zero, where Flagger stays for ever",
                        "spec.analysis.stepWeights[0]",
                        "analysis: {stepWeight: null, stepWeights: [0, 10]}"),
                row(
                        "falling weights",
                        "spec.analysis.stepWeights[2]",
                        "analysis: {stepWeight: null, stepWeights: [10, 50, 30]}"),
                row(
                        "the same weight twice",
                        "spec.analysis.stepWeights[1]",
                        "analysis: {stepWeight: null, stepWeights: [10, 10, 30]}"),
                row(
                        "weight beyond 100",
                        "spec.analysis.stepWeights[1]",
                        "analysis: {stepWeight: null, stepWeights: [10, 150]}"),
                row(
                        "weight not whole",
                        "spec.analysis.stepWeights[1]",
                        "{provider: osm, analysis: {stepWeight: null, stepWeights: [10, 12.5]}}"),
                row(
                        "promotion backwards",
                        "spec.analysis.stepWeightPromotion",
                        "analysis: {stepWeightPromotion: -5}"),
                row(
                        "readiness beyond 100",
                        "spec.analysis.canaryReadyThreshold",
                        "analysis: {canaryReadyThreshold: 150}"),
                row(
                        "mirror weight beyond 100",
                        "spec.analysis.mirrorWeight",
                        "analysis: {mirror: true, mirrorWeight: 150}"),
                row(
                        "nodes of their own for the canary's pods of a DaemonSet",
                        "spec.analysis.canaryAnalysis.templateVariables",
                        "targetRef: {kind: DaemonSet, name: a}\n"
                            + "analysis: {canaryAnalysis: {templateVariables: {nodeSelector: {a:"
                            + " b}}}}"),
                row(
                        "nodes of their own for the canary's pods of a Service",
                        "spec.analysis.canaryAnalysis.templateVariables",
                        "targetRef: {apiVersion: v1, kind: Service, name: a}\n"
                            + "analysis: {canaryAnalysis: {templateVariables: {nodeSelector: {a:"
                            + " b}}}}"),
                row(
                        "something else for the canary's pods alone",
                        "spec.analysis.canaryAnalysis.templateVariables",
                        "analysis: {canaryAnalysis: {templateVariables: {affinity: {}}}}"),
                row(
                        "nodes of their own that are no object",
                        "spec.analysis.canaryAnalysis.templateVariables",
                        "analysis: {canaryAnalysis: {templateVariables: spot}}"),
                row(
                        "a node selector that is no map",
                        "spec.analysis.canaryAnalysis.templateVariables.nodeSelector",
                        "analysis: {canaryAnalysis: {templateVariables: {nodeSelector: [a]}}}"),
                row(
                        "a node selector with a number",
                        "spec.analysis.canaryAnalysis.templateVariables.nodeSelector.a",
                        "analysis: {canaryAnalysis: {templateVariables: {nodeSelector: {a: 1}}}}"),
                row(
                        "a node selector with a value that no label has",
                        "spec.analysis.canaryAnalysis.templateVariables.nodeSelector.a",
                        "analysis: {canaryAnalysis: {templateVariables: {nodeSelector: {a: 'b"
                                + " c'}}}}"),
                row(
                        "a node selector with a key that no label has",
                        "spec.analysis.canaryAnalysis.templateVariables.nodeSelector.a b",
                        "analysis: {canaryAnalysis: {templateVariables: {nodeSelector: {'a b':"
                                + " c}}}}"),
                row(
                        "a node selector with a prefix that no label has",
                        "spec.analysis.canaryAnalysis.templateVariables.nodeSelector.A/b",
                        "analysis: {canaryAnalysis: {templateVariables: {nodeSelector: {A/b:"
                                + " c}}}}"),
                row(
                        "tolerations that are no list",
                        "spec.analysis.canaryAnalysis.templateVariables.tolerations",
                        "analysis: {canaryAnalysis: {templateVariables: {tolerations: {key: a}}}}"),
                row(
                        "a toleration that is no object",
                        "spec.analysis.canaryAnalysis.templateVariables.tolerations[1]",
                        "analysis: {canaryAnalysis: {templateVariables: {tolerations: [{operator:"
                                + " Exists}, a]}}}"),
                row(
                        "a toleration of every taint with one value",
                        "spec.analysis.canaryAnalysis.templateVariables.tolerations[0].key",
                        "analysis: {canaryAnalysis: {templateVariables: {tolerations: [{value:"
                                + " spot}]}}}"),
                row(
                        "a toleration of any value with one",
                        "spec.analysis.canaryAnalysis.templateVariables.tolerations[0].value",
                        "analysis: {canaryAnalysis: {templateVariables: {tolerations: [{key: a,"
                                + " operator: Exists, value: b}]}}}"),
                row(
                        "a toleration by an operator that there is not",
                        "spec.analysis.canaryAnalysis.templateVariables.tolerations[0].operator",
                        "analysis: {canaryAnalysis: {templateVariables: {tolerations: [{key: a,"
                                + " operator: In}]}}}"),
                row(
                        "a toleration of an effect that there is not",
                        "spec.analysis.canaryAnalysis.templateVariables.tolerations[0].effect",
                        "analysis: {canaryAnalysis: {templateVariables: {tolerations: [{key: a,"
                                + " effect: Never}]}}}"),
                row(
                        "a toleration for a time that has none",
                        "spec.analysis.canaryAnalysis.templateVariables.tolerations[0].tolerationSeconds",
                        "analysis: {canaryAnalysis: {templateVariables: {tolerations: [{key: a,"
                                + " effect: NoSchedule, tolerationSeconds: 5}]}}}"),
                row(
                        "a toleration with a field that there is not",
                        "spec.analysis.canaryAnalysis.templateVariables.tolerations[0]",
                        "analysis: {canaryAnalysis: {templateVariables: {tolerations: [{key: a,"
                                + " taint: b}]}}}"),
                row(
                        "a toleration whose value is no text",
                        "spec.analysis.canaryAnalysis.templateVariables.tolerations[0].value",
                        "analysis: {canaryAnalysis: {templateVariables: {tolerations: [{key: a,"
                                + " value: 5}]}}}"),
                row(
                        "copies that grow where nothing is copied",
                        "spec.analysis.stepMirrorWeight",
                        "analysis: {stepMirrorWeight: 10}"),
                row(
                        "copies that grow in the words of guides where nothing is copied",
                        "spec.analysis.canaryAnalysis.stepWeightPromotion",
                        "analysis: {canaryAnalysis: {stepWeightPromotion: 10}}"),
                row(
                        "copies that grow on a mesh that copies all",
                        "spec.analysis.stepMirrorWeight",
                        """
                        provider: nginx
                        ingressRef: {apiVersion: networking.k8s.io/v1, kind: Ingress, name: shop}
                        analysis: {stepWeight: null, iterations: 5, mirror: true, stepMirrorWeight: 10}
                        """),
                row(
                        "copies that grow in A/B testing, which copies nothing",
                        "spec.analysis.stepMirrorWeight",
                        "analysis: {stepWeight: null, iterations: 5, mirror: true,"
                                + " stepMirrorWeight: 10, match: [{headers: {a: {exact: b}}}]}"),
                row(
                        "copies of TCP that grow",
                        "spec.analysis.stepMirrorWeight",
                        """
                        service: {appProtocol: TCP}
                        analysis: {stepWeight: null, iterations: 5, mirror: true, stepMirrorWeight: 10}
                        """),
                row(
                        "a share of copies that is never reached",
                        "spec.analysis.maxMirrorWeight",
                        "analysis: {mirror: true, maxMirrorWeight: 50}"),
                row(
                        "copies that shrink",
                        "spec.analysis.stepMirrorWeight",
                        "analysis: {mirror: true, stepMirrorWeight: -10}"),
                row(
                        "more copies than requests",
                        "spec.analysis.maxMirrorWeight",
                        "analysis: {mirror: true, stepMirrorWeight: 50, maxMirrorWeight: 150}"),
                row(
                        "copies that begin above their end",
                        "spec.analysis.maxMirrorWeight",
                        "analysis: {mirror: true, mirrorWeight: 60, stepMirrorWeight: 10,"
                                + " maxMirrorWeight: 50}"),
                row(
                        "the step of copies in both spellings",
                        "spec.analysis.canaryAnalysis.stepWeightPromotion",
                        "analysis: {mirror: true, stepMirrorWeight: 10,"
                                + " canaryAnalysis: {stepWeightPromotion: 10}}"),
                row(
                        "the end of copies in both spellings",
                        "spec.analysis.canaryAnalysis.maxMirrorWeight",
                        "analysis: {mirror: true, stepMirrorWeight: 10, maxMirrorWeight: 50,"
                                + " canaryAnalysis: {maxMirrorWeight: 50}}"),
                row(
                        "fewer checks in all than growing copies and weights",
                        "spec.analysis.iterations",
                        "analysis: {maxWeight: 50, iterations: 9, mirror: true,"
                                + " stepMirrorWeight: 20}"),
                row(
                        "mirroring where it is never seen to begin",
                        "spec.analysis.mirror",
                        """
                        provider: linkerd
                        analysis: {mirror: true}
                        """),
                row(
                        "mirroring with weights beside conditions",
                        "spec.analysis.mirror",
                        "analysis: {mirror: true, match: [{headers: {a: {exact: b}}}]}"),
                row(
                        "mirrored TCP",
                        "spec.analysis.mirror",
                        """
                        service: {appProtocol: TCP}
                        analysis: {mirror: true}
                        """),
                row(
                        "A/B on a mesh that ignores it",
                        "spec.analysis.match",
                        "provider: linkerd\n" + abTest("headers: {a: {exact: b}}")),
                row(
                        "A/B on TCP",
                        "spec.analysis.match",
                        "service: {appProtocol: tcp}\n" + abTest("headers: {a: {exact: b}}")),
                row(
                        "A/B by two headers on nginx, which takes the last of them",
                        "spec.analysis.match[1].headers.x-b",
                        NGINX
                                + abTest(
                                        "headers: {x-a: {exact: b}}},"
                                                + " {headers: {x-b: {exact: b}}")),
                row(
                        "A/B by both of two headers on nginx, which takes either",
                        "spec.analysis.match[0].headers",
                        NGINX + abTest("headers: {x-a: {exact: b}, cookie: {exact: c}}")),
                row(
                        "a share of those who match on nginx, which takes them all",
                        "spec.analysis.match",
                        NGINX + "analysis: {match: [{headers: {x-a: {exact: b}}}]}"),
                row(
                        "A/B by a prefix on nginx",
                        "spec.analysis.match[0].headers.x-a",
                        NGINX + abTest("headers: {x-a: {prefix: b}}")),
                row(
                        "A/B by a value of which nginx takes no part",
                        "spec.analysis.match[0].headers.x-a",
                        NGINX + abTest("headers: {x-a: {exact: me@example.com}}")),
                row(
                        "A/B by what nginx cannot see beside what it can",
                        "spec.analysis.match[0].sourceLabels",
                        NGINX + abTest("headers: {x-a: {exact: b}}, sourceLabels: {app: tester}")),
                row(
                        "A/B on skipper",
                        "spec.analysis.match",
                        "provider: skipper\ningressRef: {kind: Ingress, name: shop}\n"
                                + abTest("headers: {x-a: {exact: b}}")),
                row(
                        "A/B on apisix",
                        "spec.analysis.match",
                        "provider: apisix\nrouteRef: {kind: ApisixRoute, name: shop}\n"
                                + abTest("headers: {x-a: {exact: b}}")),
                row("alb without an Ingress", "spec.ingressRef", "provider: alb"),
                row(
                        "A/B on alb",
                        "spec.analysis.match",
                        ALB + abTest("headers: {x-a: {exact: b}}")),
                row(
                        "mirroring before weights on alb",
                        "spec.analysis.mirror",
                        ALB + "analysis: {mirror: true}"),
                row(
                        "session affinity on alb",
                        "spec.analysis.sessionAffinity",
                        ALB + "analysis: {sessionAffinity: {cookieName: fc}}"),
                row("TCP on alb", "spec.service.appProtocol", ALB + "service: {appProtocol: tcp}"),
                row(
                        "routes of the user's own on alb, which has its Ingress",
                        "spec.service.routeRefs",
                        ALB + "service: {routeRefs: [{kind: HTTPRoute, name: web}]}"),
                row("emissary without a route", "spec.routeRef", "provider: emissary"),
                row(
                        "a route of another kind than apisix has",
                        "spec.routeRef.kind",
                        "provider: apisix\nrouteRef: {kind: Mapping, name: shop}"),
                row(
                        "a route of another kind than emissary has",
                        "spec.routeRef.kind",
                        "provider: emissary\nrouteRef: {kind: ApisixRoute, name: shop}"),
                row(
                        "A/B by either of two entries on emissary",
                        "spec.analysis.match[1]",
                        EMISSARY
                                + abTest(
                                        "headers: {x-a: {exact: b}}},"
                                                + " {headers: {x-a: {exact: c}}")),
                row(
                        "a share of those who match on emissary, which takes them all",
                        "spec.analysis.match",
                        EMISSARY + "analysis: {match: [{headers: {x-a: {exact: b}}}]}"),
                row(
                        "A/B by what emissary cannot see beside what it can",
                        "spec.analysis.match[0].sourceLabels",
                        EMISSARY
                                + abTest(
                                        "headers: {x-a: {exact: b}}, sourceLabels: {app: tester}")),
                row(
                        "mirroring before weights on emissary",
                        "spec.analysis.mirror",
                        EMISSARY + "analysis: {mirror: true}"),
                row(
                        "session affinity on emissary",
                        "spec.analysis.sessionAffinity",
                        EMISSARY + "analysis: {sessionAffinity: {cookieName: fc}}"),
                row(
                        "TCP on emissary",
                        "spec.service.appProtocol",
                        EMISSARY + "service: {appProtocol: tcp}"),
                row(
                        "mirroring before weights on nginx",
                        "spec.analysis.mirror",
                        NGINX + "analysis: {mirror: true}"),
                row(
                        "session affinity on nginx",
                        "spec.analysis.sessionAffinity",
                        NGINX + "analysis: {sessionAffinity: {cookieName: fc}}"),
                row(
                        "A/B on traefik, where Flagger sends everybody to the canary",
                        "spec.analysis.match",
                        "provider: traefik\n" + abTest("headers: {a: {exact: b}}")),
                row(
                        "labels beside headers on contour",
                        "spec.analysis.match[0].sourceLabels",
                        "provider: contour\n"
                                + abTest("headers: {a: {exact: b}}, sourceLabels: {app: tester}")),
                row(
                        "session affinity on contour",
                        "spec.analysis.sessionAffinity",
                        "{provider: contour, analysis: {sessionAffinity: {cookieName: fc}}}"),
                row(
                        "session affinity on gloo",
                        "spec.analysis.sessionAffinity",
                        "{provider: gloo, analysis: {sessionAffinity: {cookieName: fc}}}"),
                row(
                        "mirroring before weights on traefik",
                        "spec.analysis.mirror",
                        "{provider: traefik, analysis: {mirror: true}}"),
                row("A/B that matches everybody", "spec.analysis.match[0]", abTest("{}")),
                row(
                        "A/B by labels where only headers count",
                        "spec.analysis.match[0]",
                        "provider: contour\n" + abTest("sourceLabels: {app: tester}")),
                row(
                        "A/B by prefix on Gateway API, where Flagger sends everybody to the canary",
                        "spec.analysis.match[0].headers.x-canary",
                        "provider: gatewayapi:v1\n"
                                + "service: {gatewayRefs: [{name: public}]}\n"
                                + abTest("headers: {x-canary: {prefix: in}}")),
                row(
                        "A/B by headers and by what the mesh does not see",
                        "spec.analysis.match[0].sourceLabels",
                        "provider: appmesh:v1beta2\n"
                                + abTest("headers: {a: {suffix: b}}, sourceLabels: {app: tester}")),
                row(
                        "a time-out that Gateway API cannot read",
                        "spec.service.timeout",
                        "provider: gatewayapi:v1\n"
                                + "service: {gatewayRefs: [{name: public}], timeout: 1.5s}"),
                row(
                        "a time-out of a backend that Gateway API cannot read",
                        "spec.service.backendTimeout",
                        "provider: gatewayapi:v1\n"
                                + "service: {gatewayRefs: [{name: public}], backendTimeout: 10us}"),
                row(
                        "a backend that may take longer than all of its attempts",
                        "spec.service.backendTimeout",
                        "provider: gatewayapi:v1\n"
                                + "service: {gatewayRefs: [{name: public}], timeout: 1m,"
                                + " backendTimeout: 61s}"),
                row(
                        "more places than a rule of Gateway API has, with a cookie's",
                        "spec.analysis.match",
                        "provider: gatewayapi:v1\n"
                                + "service: {gatewayRefs: [{name: public}]}\n"
                                + "analysis: {stepWeight: null, iterations: 3, sessionAffinity:"
                                + " {cookieName: c}, match: [%s]}"
                                        .formatted(
                                                entries(
                                                        64,
                                                        "headers",
                                                        "{exact: a}, b: {exact: c}"))),
                row(
                        "more places than all rules of Gateway API have, with two cookies'",
                        "spec.analysis.sessionAffinity",
                        "provider: gatewayapi:v1\n"
                                + "service: {gatewayRefs: [{name: public}], match: [%s]}\n"
                                        .formatted(entries(43, "uri", ""))
                                + "analysis: {sessionAffinity: {cookieName: c, primaryCookieName:"
                                + " p}}"),
                row(
                        "more conditions with places than a rule of Gateway API has",
                        "spec.analysis.match",
                        "provider: gatewayapi:v1\n"
                                + "service: {gatewayRefs: [{name: public}], match: [%s]}\n"
                                        .formatted(entries(13, "uri", ""))
                                + "analysis: {stepWeight: null, iterations: 3, match: [%s]}"
                                        .formatted(entries(5, "headers", "{exact: a}"))),
                row(
                        "affinity on a mesh that ignores it",
                        "spec.analysis.sessionAffinity",
                        """
                        provider: appmesh:v1beta2
                        analysis: {sessionAffinity: {cookieName: c}}
                        """),
                row(
                        "mirroring on a mesh that has none",
                        "spec.analysis.mirror",
                        """
                        provider: appmesh:v1beta2
                        analysis: {mirror: true}
                        """),
                row(
                        "cookies that cannot be told apart",
                        "spec.analysis.sessionAffinity.primaryCookieName",
                        "analysis: {sessionAffinity: {cookieName: c, primaryCookieName: c}}"),
                row(
                        "metric that asks nothing",
                        "spec.analysis.metrics[0]",
                        "analysis: {metrics: [{name: error rate}]}"),
                row(
                        "range that nothing is in",
                        "spec.analysis.metrics[0].thresholdRange",
                        "analysis: {metrics: [{name: request-duration, thresholdRange: {min: 2,"
                                + " max: 1}}]}"),
                row(
                        "unknown meaning of no data",
                        "spec.analysis.metrics[0].onNoData",
                        "analysis: {metrics: [{name: request-duration, onNoData: wait}]}"),
                row(
                        "metrics server that is no address",
                        "spec.metricsServer",
                        "{metricsServer: 'prometheus:9090', analysis: {metrics: [{name:"
                                + " request-duration}]}}"),
                row(
                        "condition that Gateway API has no word for",
                        "spec.service.match[1].method",
                        """
                        provider: gatewayapi:v1
                        service:
                          gatewayRefs: [{name: public}]
                          match: [{uri: {prefix: /}}, {method: {prefix: P}}]
                        """),
                row(
                        "a word that App Mesh cannot retry on",
                        "spec.service.retries.retryOn",
                        """
                        provider: appmesh:v1beta2
                        service: {retries: {attempts: 3, retryOn: "gateway-error, 5xx"}}
                        """),
                row(
                        "an event of gRPC where App Mesh has requests",
                        "spec.service.retries.retryOn",
                        """
                        provider: appmesh:v1beta2
                        service: {portName: http, retries: {attempts: 3, retryOn: cancelled}}
                        """),
                row(
                        "a path by regex that App Mesh v1beta1 has no word for",
                        "spec.service.match[0].uri",
                        """
                        provider: appmesh
                        service: {meshName: global, match: [{uri: {regex: /a.*}}]}
                        """),
                row(
                        "a path that is no call of gRPC",
                        "spec.service.match[1].uri",
                        """
                        provider: appmesh:v1beta2
                        service:
                          portName: grpc
                          match: [{uri: {prefix: /shop.Cart/}}, {uri: {prefix: /shop}}]
                        """),
                row(
                        "weights for labels where only headers count",
                        "spec.analysis.match[0]",
                        "{provider: contour, analysis: {match: [{sourceLabels: {app: tester}}]}}"),
                row(
                        "weights for a prefix on Gateway API",
                        "spec.analysis.match[0].headers.x-canary",
                        """
                        provider: gatewayapi:v1
                        service: {gatewayRefs: [{name: public}]}
                        analysis: {match: [{headers: {x-canary: {prefix: in}}}]}
                        """),
                row(
                        "a condition that no route can have, also without an analysis",
                        "spec.analysis.match[0].headers.x-canary",
                        """
                        provider: gatewayapi:v1
                        skipAnalysis: true
                        service: {gatewayRefs: [{name: public}]}
                        analysis: {match: [{headers: {x-canary: {prefix: in}}}]}
                        """),
                row(
                        "header that Gateway API has no word for",
                        "spec.service.match[0].headers.x-a",
                        """
                        provider: gatewayapi:v1beta1
                        service: {gatewayRefs: [{name: public}], match: [{headers: {x-a: {prefix: a}}}]}
                        """),
                row(
                        "unknown meaning of an error",
                        "spec.analysis.onProviderError",
                        "analysis: {onProviderError: ignore}"),
                row(
                        "unknown hook",
                        "spec.analysis.webhooks[0].type",
                        "analysis: {webhooks: [{name: a, url: 'http://a', type: pre_rollout}]}"),
                row(
                        "hook without a scheme",
                        "spec.analysis.webhooks[0].url",
                        "analysis: {webhooks: [{name: a, url: 'loadtester.test'}]}"),
                row(
                        "hook whose time limit is none",
                        "spec.analysis.webhooks[1].timeout",
                        """
                        analysis: {webhooks: [{name: a, url: 'http://a'}, {name: b, url: 'http://a', timeout: 10sec}]}
                        """),
                row(
                        "gate without time",
                        "spec.analysis.webhooks[0].timeout",
                        "analysis: {webhooks: [{name: a, url: 'http://a', type: confirm-rollout,"
                                + " timeout: 0s}]}"),
                row(
                        "unknown severity",
                        "spec.analysis.alerts[0].severity",
                        "analysis: {alerts: [{name: a, severity: fatal, providerRef: {name:"
                                + " chat}}]}"));
    }

    static Stream<Arguments> admitted() {
        return Stream.of(
                argumentSet(
                        "interval that Flagger reads as a minute", "analysis: {interval: 1mfoo}"),
                argumentSet(
                        "metric that names its template by its own name",
                        "analysis: {metrics: [{name: error-rate}]}"),
                argumentSet(
                        "interval in a subquery",
                        "analysis: {metrics: [{name: request-duration, interval: '5m:10s'}]}"),
                argumentSet(
                        "maximum beyond 100 that is not used",
                        "analysis: {stepWeight: null, stepWeights: [1, 2], maxWeight: 500}"),
                argumentSet(
                        "weights without a router become Blue/Green",
                        "{provider: kubernetes, analysis: {stepWeight: 0}}"),
                argumentSet(
                        "conditions without a router are dropped",
                        "provider: kubernetes\n" + abTest("headers: {a: {exact: b}}")),
                argumentSet(
                        "every comparison of a header on contour",
                        "provider: contour\n"
                                + abTest(
                                        "headers: {a: {prefix: b}, c: {suffix: d}, e: {regex:"
                                                + " f}}")),
                argumentSet(
                        "query parameters on gloo",
                        "provider: gloo\n" + abTest("queryParams: {a: {exact: b}}")),
                argumentSet(
                        "headers and query parameters of one entry on emissary",
                        EMISSARY
                                + abTest(
                                        "headers: {a: {prefix: b}, c: {regex: d}}, queryParams: {e:"
                                                + " {suffix: f}}")),
                argumentSet("conditions beside weights", "analysis: {match: [{}]}"),
                argumentSet(
                        "conditions beside weights on a mesh without conditions",
                        "{provider: traefik, analysis: {match: [{headers: {a: {exact: b}}}]}}"),
                argumentSet(
                        "events of gRPC where App Mesh has calls",
                        """
                        provider: appmesh:v1beta2
                        service:
                          portName: grpc
                          retries: {attempts: 3, retryOn: "cancelled,gateway-error"}
                          match: [{uri: {prefix: /shop.Cart/}}, {uri: {exact: /shop.Cart/Add}}]
                        """),
                argumentSet(
                        "Blue/Green goes on without mirroring",
                        "{provider: traefik, analysis: {stepWeight: null, iterations: 3, mirror:"
                                + " true}}"),
                argumentSet(
                        "App Mesh as guides have it",
                        """
                        provider: appmesh:v1beta2
                        progressDeadlineSeconds: 60
                        service:
                          port: 80
                          targetPort: 80
                          timeout: 15s
                          retries:
                            {attempts: 3, perTryTimeout: 5s,
                             retryOn: "gateway-error,client-error,stream-error"}
                          match: [{uri: {prefix: /}}]
                          rewrite: {uri: /}
                        analysis:
                          threshold: 5
                          maxWeight: 50
                          metrics:
                          - {name: request-success-rate, thresholdRange: {min: 99}}
                          - {name: request-duration, thresholdRange: {max: 500}, interval: 30s}
                        """),
                argumentSet(
                        "A/B by suffix where the mesh knows it",
                        "provider: appmesh:v1beta2\n" + abTest("headers: {a: {suffix: b}}")),
                argumentSet(
                        "steps that are never taken",
                        "{skipAnalysis: true, analysis: {stepWeight: 0, metrics: [{name:"
                                + " custom}]}}"),
                argumentSet(
                        "event hook that cannot be delivered",
                        "analysis: {webhooks: [{name: a, type: event, url: '', timeout: 5x}]}"),
                argumentSet(
                        "metrics server that nothing asks",
                        "{metricsServer: 'prometheus:9090', analysis: {metrics: [{name: a,"
                                + " templateRef: {name: b}}]}}"),
                argumentSet(
                        "one address for every hook",
                        "analysis: {webhooks: [{name: a, url: 'http://lt/'}, {name: b, url:"
                                + " 'http://lt/'}]}"),
                argumentSet(
                        "address that Java's URI refuses",
                        "analysis: {webhooks: [{name: a, url: 'http://lt/a b?{x}'}]}"),
                argumentSet(
                        "alert without a severity",
                        "analysis: {alerts: [{name: a, providerRef: {name: chat}}]}"),
                argumentSet("step as 10.0", "analysis: {stepWeight: 10.0}"),
                argumentSet("half a percent to all", "analysis: {stepWeight: 0.5}"),
                argumentSet(
                        "fine steps to a low maximum",
                        "analysis: {stepWeight: 0.01, maxWeight: 2}"),
                argumentSet(
                        "field that nobody knows", "{futures: {a: 1}, analysis: {stepweight: x}}"),
                argumentSet(
                        "routes of the user's own, without a gateway",
                        ownRoutes("{kind: HTTPRoute, name: web}, {kind: GRPCRoute, name: web}")),
                argumentSet(
                        "Knative without a service",
                        "{provider: knative, service: null, targetRef: {apiVersion:"
                                + " serving.knative.dev/v1, kind: Service}}"));
    }

    @ParameterizedTest
    @CsvSource({
        "StatefulSet, names and volumes",
        "ReplicaSet, use the Deployment",
        "CloneSet, rolls out by itself",
        "Rollout, workloadRef",
        "Job, serves no requests"
    })
    void whatCannotBeReleasedIsRefusedWithTheReasonAndWhatToDo(String kind, String reason) {
        assertThat(problems(Manifests.canary("targetRef: {kind: " + kind + "}"), ISTIO))
                .singleElement()
                .satisfies(
                        problem -> {
                            assertThat(problem.getPath()).isEqualTo("spec.targetRef.kind");
                            assertThat(problem.getMessage())
                                    .startsWith("must be one of DaemonSet, Deployment, Service: ")
                                    .contains(reason);
                        });
    }

    @Test
    void aServiceOfKnativeIsKnownByTheInstallationsProviderToo() {
        var knative = installation("knative", false);
        String service = "targetRef: {apiVersion: serving.knative.dev/v1, kind: Service}";

        assertThat(Admissions.admit(canary(Manifests.canary(service)), knative))
                .isInstanceOf(Admission.Admitted.class);
        assertThat(problems(Manifests.canary(""), knative))
                .extracting(Problem::getPath)
                .contains("spec.targetRef");
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWithThePathOfTheMistake(String path, String changes) {
        assertThat(
                        problems(Manifests.canary(changes), ISTIO).stream()
                                .filter(problem -> !isAboutAMeshToCome(problem)))
                .extracting(Problem::getPath)
                .containsExactly(path);
    }

    static Stream<String> toCome() {
        return Meshes.all().stream().filter(mesh -> !mesh.isServed()).map(Mesh::provider);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("toCome")
    void aMeshThatThisVersionDoesNotServeIsRefusedBeforeAnythingIsWritten(String provider) {
        var own = problems(Manifests.canary("provider: '" + provider + "'"), ISTIO);
        var theInstallations = problems(Manifests.canary(""), installation(provider, false));

        assertThat(own)
                .first()
                .isEqualTo(
                        new Problem(
                                "spec.provider",
                                provider
                                        + " is not served by this version; use one of "
                                        + String.join(", ", Meshes.servedProviders())));
        assertThat(theInstallations)
                .first()
                .extracting(Problem::getMessage)
                .asString()
                .startsWith(provider + " (the installation's) is not served");
    }

    private static boolean isAboutAMeshToCome(Problem problem) {
        return problem.getMessage().contains("is not served by this version");
    }

    @ParameterizedTest
    @MethodSource("admitted")
    void admitsWhatFlaggerRunsWithoutHarm(String changes) {
        switch (Admissions.admit(canary(Manifests.canary(changes)), ISTIO)) {
            case Admission.Admitted _ -> {}
            case Admission.Refused(var problems) ->
                    assertThat(problems).allMatch(AdmissionsTest::isAboutAMeshToCome);
        }
    }

    static Stream<Arguments> unused() {
        return Stream.of(
                argumentSet(
                        "what Contour has no word for",
                        """
                        provider: contour
                        service:
                          hosts: [shop.example.com]
                          timeout: 15s
                          rewrite: {uri: /}
                          retries: {attempts: 3}
                          corsPolicy: {allowOrigin: ['*']}
                          match:
                          - {uri: {prefix: /}, method: {exact: GET}, authority: {exact: a}}
                          - {queryParams: {a: {exact: b}}}
                        """,
                        List.of(
                                "spec.service.hosts",
                                "spec.service.rewrite",
                                "spec.service.corsPolicy",
                                "spec.service.match[0].method",
                                "spec.service.match[0].authority")),
                argumentSet(
                        "a method by regex and a query, of which App Mesh knows neither",
                        """
                        provider: appmesh:v1beta2
                        service:
                          meshName: global
                          backends: [cart]
                          match:
                          - {uri: {exact: /}, method: {regex: 'G.*'}}
                          - {method: {exact: GET}, queryParams: {a: {exact: b}}}
                        """,
                        List.of(
                                "spec.service.meshName",
                                "spec.service.match[0].method",
                                "spec.service.match[1].queryParams")),
                argumentSet(
                        "all of it where an Ingress says it",
                        "service: {timeout: 15s, match: [{uri: {prefix: /}}]}\n" + NGINX,
                        List.of("spec.service.timeout", "spec.service.match[0].uri")),
                argumentSet(
                        "all of it where a Mapping says it",
                        "service: {hosts: [a.example.com], timeout: 15s, retries: {attempts: 3}}\n"
                                + EMISSARY,
                        List.of(
                                "spec.service.timeout",
                                "spec.service.hosts",
                                "spec.service.retries")),
                argumentSet(
                        "who is weighed behind an AWS load balancer",
                        "analysis: {match: [{headers: {a: {exact: b}}}]}\n"
                                + "service: {corsPolicy: {allowOrigin: ['*']}}\n"
                                + ALB,
                        List.of("spec.service.corsPolicy", "spec.analysis.match")),
                argumentSet(
                        "what only routes can do, where there are none",
                        "{provider: kubernetes, analysis: {iterations: 5, stepWeight: 0, mirror:"
                                + " true, sessionAffinity: {cookieName: a}, match: [{headers: {a:"
                                + " {exact: b}}}]}}",
                        List.of(
                                "spec.analysis.match",
                                "spec.analysis.mirror",
                                "spec.analysis.sessionAffinity")),
                argumentSet(
                        "weights beside iterations, where there are no routes",
                        "{provider: kubernetes, analysis: {iterations: 20}}",
                        List.of("spec.analysis.stepWeight")),
                argumentSet(
                        "weights beside iterations, where there are",
                        "analysis: {maxWeight: 50, iterations: 5}",
                        List.of()),
                argumentSet(
                        "copies of requests, while a mesh without them is tested",
                        "{provider: contour, analysis: {iterations: 5, stepWeight: 0, mirror:"
                                + " true}}",
                        List.of("spec.analysis.mirror")),
                argumentSet(
                        "time-outs and origins that Gateway API has",
                        "{provider: 'gatewayapi:v1', service: {gatewayRefs: [{name: public}],"
                                + " timeout: 1m30s, backendTimeout: 1s500ms, corsPolicy:"
                                + " {allowOrigins: [{exact: 'https://a.example'}]}}}",
                        List.of()),
                argumentSet(
                        "who is weighed, on a mesh that weighs everybody",
                        "{provider: traefik, analysis: {match: [{headers: {a: {exact: b}}}]}}",
                        List.of("spec.analysis.match")),
                argumentSet(
                        "nothing of what Istio has",
                        """
                        service:
                          gateways: [public]
                          hosts: [shop.example.com]
                          rewrite: {uri: /}
                          delegation: false
                          match: [{authority: {exact: a}, ignoreUriCase: true}]
                        """,
                        List.of()),
                argumentSet(
                        "what is empty",
                        "{provider: contour, service: {hosts: [], headers: {}, meshName: ''}}",
                        List.of()));
    }

    @ParameterizedTest
    @MethodSource("unused")
    void saysWhatTheMeshMakesNothingOf(String changes, List<String> paths) {
        assertThat(Admissions.admit(canary(Manifests.canary(changes)), ISTIO))
                .asInstanceOf(type(Admission.Admitted.class))
                .extracting(Admission.Admitted::unused)
                .isEqualTo(paths);
    }

    @Test
    void everyRuleIsInTheDocumentation() throws IOException {
        var documentation = Files.readString(Path.of("CANARY.md"));

        assertThat(refused().map(row -> (String) row.get()[0]))
                .allSatisfy(path -> assertThat(documentation).contains("`" + general(path)));
    }

    @Test
    void tellsEveryProblemAtOnceInTheOrderOfTheManifest() {
        var problems =
                problems(
                        Manifests.canary(
                                """
                                progressDeadlineSeconds: 0
                                service: {port: 0}
                                analysis:
                                  stepWeight: few
                                  metrics:
                                  - {name: request-success-rate, thresholdRange: {min: 99}}
                                  - {name: Custom}
                                  webhooks:
                                  - {name: gate, url: "https:/hooks.example.com/T00/s3cret", type: gate}
                                """),
                        ISTIO);

        assertThat(problems)
                .extracting(Problem::getPath)
                .containsExactly(
                        "spec.analysis.stepWeight",
                        "spec.progressDeadlineSeconds",
                        "spec.service.port",
                        "spec.analysis.metrics[1]",
                        "spec.analysis.webhooks[0].type",
                        "spec.analysis.webhooks[0].url");
    }

    @Test
    void referencesToOtherNamespacesAreRefusedWhereTheInstallationForbidsThem() {
        var manifest =
                Manifests.canary(
                        """
                        upstreamRef: {apiVersion: gloo.solo.io/v1, kind: Upstream, name: settings, namespace: edge}
                        analysis:
                          metrics:
                          - {name: a, templateRef: {name: own, namespace: shop}}
                          - {name: b, templateRef: {name: errors, namespace: platform}}
                          alerts:
                          - {name: c, severity: info, providerRef: {name: chat, namespace: ops}}
                        """);

        assertThat(problems(manifest, WALLED))
                .extracting(Problem::getPath, Problem::getMessage)
                .containsExactly(
                        tuple(
                                "spec.upstreamRef.namespace",
                                "can't access gloo upstream settings.edge, cross-namespace"
                                        + " references are blocked"),
                        tuple(
                                "spec.analysis.metrics[1].templateRef.namespace",
                                "can't access metric template errors.platform, cross-namespace"
                                        + " references are blocked"),
                        tuple(
                                "spec.analysis.alerts[0].providerRef.namespace",
                                "can't access alert provider chat.ops, cross-namespace references"
                                        + " are blocked"));
        assertThat(Admissions.admit(canary(manifest), ISTIO))
                .isInstanceOf(Admission.Admitted.class);
    }

    @Test
    void neverQuotesWhatMayBeASecret() {
        var problems =
                problems(
                        Manifests.canary(
                                """
                                analysis:
                                  webhooks:
                                  - {name: a, url: "hooks.example.com/s3cret", timeout: s3cret, metadata: {pin: 53237}}
                                  - {name: b, url: {s3cret: 1}}
                                """),
                        ISTIO);

        assertThat(problems).hasSize(2);
        assertThat(problems.toString()).doesNotContain("s3cret").doesNotContain("53237");
    }

    @Test
    void fillsInFlaggersDefaults() {
        var spec = admit(Manifests.canary("analysis: {interval: 1s, threshold: 0}"));

        assertThat(spec.getProvider()).isEqualTo("istio");
        assertThat(spec.getService()).isEqualTo("podinfo");
        assertThat(spec.getProgressDeadlineSeconds()).isEqualTo(600);
        assertThat(spec.getIntervalMillis()).isEqualTo(10_000);
        assertThat(spec.getThreshold()).isEqualTo(1);
        assertThat(spec.getMaxWeight()).isEqualTo(100);
        assertThat(spec.getMaxWeightWritten()).isZero();
        assertThat(spec.getStepWeightPromotion()).isZero();
        assertThat(spec.getRevertOnDeletion()).isNull();
        assertThat(spec.getSkipAnalysis()).isFalse();
    }

    @Test
    void fillsInWhatFlaggersSchemaWants() {
        var spec = admit(Manifests.canary("analysis: {threshold: null}"));

        assertThat(spec.getThreshold()).isEqualTo(5);
        assertThat(spec.getDelayMillis()).isNull();
    }

    @Test
    void aDelayAndChecksBesideWeightsAreKept() {
        var spec = admit(Manifests.canary("analysis: {delay: 1m30s, iterations: 12}"));

        assertThat(spec.getDelayMillis()).isEqualTo(90_000);
        assertThat(spec.getIterations()).as("for who does not know the other").isZero();
        assertThat(spec.getChecks()).isEqualTo(12);
        assertThat(spec.getStepWeight()).isEqualTo(10);
    }

    @Test
    void weightsBetweenWholePercentsAreKeptBesideTheRoundedOnes() {
        var spec =
                admit(
                        Manifests.canary(
                                "analysis: {stepWeight: null, stepWeights: [0.25, 5, 99.99],"
                                        + " stepWeightPromotion: 12.5}"));

        assertThat(spec.getStepWeights()).containsExactly(1, 5, 99);
        assertThat(spec.getFineWeights().getStepWeights()).containsExactly(25, 500, 9_999);
        assertThat(spec.getFineWeights().getMaxWeight()).isEqualTo(9_999);
        assertThat(spec.getFineWeights().getStepWeightPromotion()).isEqualTo(1_250);
    }

    @Test
    void wholePercentsGoWithoutFineOnes() {
        assertThat(admit(Manifests.canary("analysis: {stepWeight: 5.0}")).getFineWeights())
                .isNull();
    }

    @Test
    void theLastOfTheStepWeightsIsTheMaximum() {
        var spec =
                admit(
                        Manifests.canary(
                                "analysis: {stepWeight: null, stepWeights: [5, 20, 60], maxWeight:"
                                        + " 30}"));

        assertThat(spec.getMaxWeight()).isEqualTo(60);
        assertThat(spec.getMaxWeightWritten()).isEqualTo(30);
        assertThat(spec.getStepWeights()).containsExactly(5, 20, 60);
    }

    @Test
    void metricsInheritWhatNoDataMeansAndTemplatesTheNamespace() {
        var spec =
                admit(
                        Manifests.canary(
                                """
                                analysis:
                                  onNoData: hold
                                  metrics:
                                  - {name: a, templateRef: {name: errors}, thresholdRange: {max: 1.5}}
                                  - {name: request-duration, threshold: 500, onNoData: pass, query: up}
                                """));

        var template = spec.getMetrics().getFirst();
        assertThat(template.getOnNoData()).isEqualTo(OnUnknown.HOLD);
        assertThat(template.getOnProviderError()).isEqualTo(OnUnknown.FAIL);
        assertThat(template.getRange()).isTrue();
        assertThat(template.getMin()).isNull();
        assertThat(template.getMax()).isEqualTo(1.5);
        var builtIn = spec.getMetrics().getLast();
        assertThat(builtIn.getOnNoData()).isEqualTo(OnUnknown.PASS);
        assertThat(builtIn.getRange()).isFalse();
        assertThat(builtIn.getThreshold()).isEqualTo(500.0);
    }

    @Test
    void hooksWithoutATypeAreRolloutHooksOfTenSeconds() {
        var spec =
                admit(
                        Manifests.canary(
                                """
                                analysis:
                                  webhooks:
                                  - {name: load, url: "http://loadtester.test/"}
                                  - {name: gate, url: "http://loadtester.test/", type: confirm-traffic-increase,
                                     timeout: 1m30s, retries: 2, muteAlert: true}
                                """));

        var load = spec.getWebhooks().getFirst();
        assertThat(load.getType()).isEqualTo(HookType.ROLLOUT);
        assertThat(load.getTimeoutMillis()).isEqualTo(10_000);
        assertThat(load.getRetries()).isZero();
        var gate = spec.getWebhooks().getLast();
        assertThat(gate.getType()).isEqualTo(HookType.CONFIRM_TRAFFIC_INCREASE);
        assertThat(gate.getTimeoutMillis()).isEqualTo(90_000);
        assertThat(gate.getRetries()).isEqualTo(2);
        assertThat(gate.getMuteAlert()).isTrue();
    }

    /** A rule's path: any item of a list, and the conditions of a route without their names. */
    private static String general(String path) {
        return path.replaceAll("\\[\\d+]", "[]")
                .replaceAll(
                        "(service\\.match\\[]|headers|nodeSelector|metrics\\[](?=\\.on)).*", "$1");
    }

    private static Arguments row(String name, String path, String changes) {
        return argumentSet(name, path, changes);
    }

    private static String ownRoutes(String routes) {
        return "provider: gatewayapi:v1\nservice: {routeRefs: [" + routes + "]}\n";
    }

    private static String abTest(String entry) {
        return "analysis: {stepWeight: null, iterations: 3, match: ["
                + (entry.equals("{}") ? entry : "{" + entry + "}")
                + "]}";
    }

    private static Canary canary(JsonNode manifest) {
        return CanaryReader.read(manifest).resource();
    }

    private static List<Problem> problems(JsonNode manifest, Installation installation) {
        var admission = Admissions.admit(canary(manifest), installation);
        assertThat(admission).isInstanceOf(Admission.Refused.class);
        return ((Admission.Refused) admission).problems();
    }

    private static RolloutSpec admit(JsonNode manifest) {
        var admission = Admissions.admit(canary(manifest), ISTIO);
        assertThat(admission).asInstanceOf(type(Admission.Admitted.class)).isNotNull();
        return ((Admission.Admitted) admission).spec();
    }
}
