package dev.serinus.router.route.alb;

import static dev.serinus.router.route.alb.AlbTestBase.ACTIONS;
import static dev.serinus.router.route.alb.AlbTestBase.IP;
import static dev.serinus.router.route.alb.AlbTestBase.action;
import static dev.serinus.router.route.alb.AlbTestBase.sticky;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;

import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Copies;
import dev.serinus.router.route.KnownObjects;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.mesh.Alb;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What would stop the controller, or serve people otherwise than before, is said before. */
class AlbRefusalsTest {

    private static final String DIRECT = "/ podinfo 80";

    private static void refused(AlbTestBase shop, String... because) {
        var check = assertThatThrownBy(() -> KnownObjects.check(shop.route, shop.objects));
        var step = assertThatThrownBy(() -> shop.shift(10));
        for (String part : because) {
            check.isInstanceOf(Refusal.class).hasMessageContaining(part);
            step.isInstanceOf(Refusal.class).hasMessageContaining(part);
        }
    }

    private static void taken(AlbTestBase shop) {
        KnownObjects.check(shop.route, shop.objects);
        shop.shift(10);
        assertThat(shop.route.current(shop.objects::get)).hasValue(Split.of(10));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backend-protocol: HTTPS",
                "backend-protocol-version: GRPC",
                "healthcheck-path: /healthz",
                "success-codes: 200-299",
                "target-group-attributes: slow_start.duration_seconds=30"
            })
    void whatTheApexSaysOfItsTargetGroupIsNotLost(String setting) {
        String annotation = Alb.ANNOTATIONS + setting;
        String key = annotation.substring(0, annotation.indexOf(": "));

        refused(
                new AlbTestBase("{port: 80}").ingress(IP, DIRECT).service(annotation),
                "leads to Service podinfo, whose annotations " + key,
                "spec.service.primary.annotations");
        taken(
                new AlbTestBase("{port: 80}")
                        .ingress(IP + ", " + annotation, DIRECT)
                        .service(annotation));
        String sides =
                "{port: 80, primary: {annotations: {%1$s}}, canary: {annotations: {%1$s}}}"
                        .formatted(annotation);
        taken(new AlbTestBase(sides).ingress(IP, DIRECT).service(annotation));
    }

    @Test
    void whatTheApexIsTaggedWithAndHowItsPodsAreReachedIsItsOwn() {
        taken(
                new AlbTestBase("{port: 80}")
                        .ingress(IP, DIRECT)
                        .service(
                                "%1$stags: team=web, %1$starget-type: instance"
                                        .formatted(Alb.ANNOTATIONS)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth-type: oidc", "auth-on-unauthenticated-request: deny"})
    void whoMayComeInIsAskedByTheIngressOrNotAtAll(String setting) {
        String annotation = Alb.ANNOTATIONS + setting;

        refused(
                new AlbTestBase("{port: 80}").ingress(IP, DIRECT).service(annotation),
                "what Service podinfo asks of who comes in");
        taken(
                new AlbTestBase("{port: 80}")
                        .ingress(IP + ", " + annotation, DIRECT)
                        .service(annotation));
    }

    @Test
    void whoWasLetInWithoutALoginIsStillLetIn() {
        String none = Alb.ANNOTATIONS + "auth-type: none";

        refused(
                new AlbTestBase("{port: 80}")
                        .ingress(IP + ", " + Alb.ANNOTATIONS + "auth-type: oidc", DIRECT)
                        .service(none),
                "asks of who comes in");
        taken(new AlbTestBase("{port: 80}").ingress(IP, DIRECT).service(none));
    }

    /** A Service's own word counts before the Ingress'. */
    @Test
    void portsOnNodesAreRefusedOnOneSideToo() {
        refused(
                new AlbTestBase(
                                "{port: 80, primary: {annotations: {%starget-type: instance}}}"
                                        .formatted(Alb.ANNOTATIONS))
                        .ingress(IP, DIRECT),
                "has no annotation alb.ingress.kubernetes.io/target-type: ip that counts for both");
    }

    @Test
    void aPortOfHealthThatTheSidesDoNotHaveIsRefused() {
        String health = Alb.ANNOTATIONS + "healthcheck-port: ";

        refused(
                new AlbTestBase("{port: 80}").ingress(IP + ", " + health + "metrics", DIRECT),
                "asks for health at port metrics");
        for (String port : new String[] {"traffic-port", "'9797'", "http"}) {
            taken(new AlbTestBase("{port: 80}").ingress(IP + ", " + health + port, DIRECT));
        }
    }

    /** AWS takes no target group that keeps clients beside others. */
    @Test
    void clientsThatStayWithAPodStayWithATargetGroupFirst() {
        String stay =
                IP
                        + ", %starget-group-attributes: 'stickiness.enabled=true, stickiness.type=lb_cookie'"
                                .formatted(Alb.ANNOTATIONS);

        refused(
                new AlbTestBase("{port: 80}").ingress(stay, DIRECT),
                "stickiness.enabled=true",
                "targetGroupStickinessConfig");
        taken(
                new AlbTestBase("{port: 80}")
                        .ingress(stay + ", " + sticky("web", "podinfo 1"), "/ web use-annotation"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "actions.blog | /blog blog use-annotation",
                "conditions.blog | /blog blog 80",
                "conditions.podinfo | /blog blog 80"
            })
    void whatTheControllerCannotReadIsNamed(String annotation, String path) {
        refused(
                new AlbTestBase("{port: 80}")
                        .ingress(
                                "%s, %s%s: 'no JSON'".formatted(IP, Alb.ANNOTATIONS, annotation),
                                DIRECT,
                                path),
                "has no JSON in annotation alb.ingress.kubernetes.io/" + annotation);
    }

    @Test
    void whatNoBackendUsesIsNotRead() {
        taken(
                new AlbTestBase("{port: 80}")
                        .ingress(IP + ", " + ACTIONS + "old: 'no JSON'", DIRECT));
    }

    @Test
    void eachOfSeveralTargetGroupsHasAWeight() {
        refused(
                new AlbTestBase("{port: 80}")
                        .ingress(
                                IP + ", " + action("web", "podinfo 1", "legacy null"),
                                "/ web use-annotation"),
                "has a target group without a weight beside others");
    }

    /** The port of what is in hand already is noted, and counts as well. */
    @Test
    void anotherPortThatComesToItLaterIsRefusedAndMovesNobody() {
        var shop = new AlbTestBase("{port: 80}").ingress(IP, DIRECT);
        shop.shift(10);
        shop.edit(
                it ->
                        ((ArrayNode) it.spec().at("/rules/0/http/paths"))
                                .add(
                                        Copies.object(
                                                        "kind: Ingress\n"
                                                            + "metadata: {name: a, namespace: b}\n"
                                                            + "spec: "
                                                                + AlbTestBase.paths(
                                                                                "/admin podinfo"
                                                                                        + " http")
                                                                        .getFirst())
                                                .at("/spec")));

        assertThatThrownBy(() -> shop.shift(20))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("leads to several ports of podinfo");
        assertThat(shop.groups("podinfo"))
                .containsExactly("podinfo-primary 90", "podinfo-canary 10");
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        refused(
                new AlbTestBase("{port: 80}")
                        .ingress("a: b", "/ podinfo 9898")
                        .service(Alb.ANNOTATIONS + "backend-protocol: HTTPS"),
                "target-type",
                "leads to port 9898",
                "backend-protocol");
    }
}
