package dev.serinus.router.route.traefik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.RouterAtWork;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.RouterOutcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class TraefikRouterTest {

    private final RouterAtWork traefik = new RouterAtWork(new TraefikRouter());

    private static String found(String spec) {
        return """
        apiVersion: traefik.io/v1alpha1
        kind: TraefikService
        metadata: {name: podinfo, namespace: test}
        spec: %s
        """
                .formatted(spec);
    }

    private List<String> weights() {
        return traefik.route()
                .at("/spec/weighted/services")
                .valueStream()
                .map(it -> it.path("name").asText() + " " + it.path("weight"))
                .toList();
    }

    /** Traefik drops all of a TraefikService when one Service in it has no endpoints. */
    @Test
    void aSideWithoutWeightIsLeftOut() {
        traefik.shift(0);
        assertThat(weights()).containsExactly("podinfo-primary 100");
        traefik.shift(100);
        assertThat(weights()).containsExactly("podinfo-canary 100");
        assertThat(traefik.shown()).isEqualTo(Split.of(100));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {name: podinfo-primary, weight: 70}, {name: podinfo-canary, weight: 30}   | 30
                    {name: podinfo-primary, weight: 100}, {name: podinfo-canary, weight: 100} | 50
                    {name: podinfo-primary}, {name: podinfo-canary, weight: 100}              | 99.01
                    {name: podinfo-primary, weight: 1000}, {name: podinfo-canary}             | 0.1
                    {name: podinfo-primary, weight: 0}, {name: podinfo-canary, weight: 0}     | 0
                    """)
    void theSplitIsReadAsTraefikServesIt(String services, double weight) {
        traefik.put(found("{weighted: {services: [" + services + "]}}"));

        assertThat(traefik.shown()).isEqualTo(Split.of(Weight.nearest(weight)));
    }

    @Test
    void anEditOfThePortComesAtThePresentSplit() {
        traefik.shift(30);
        var moved = new RouterAtWork(new TraefikRouter(), "{port: 8080}", "[]");
        moved.put(traefik.route().json().toString()).shift(30);

        assertThat(
                        moved.route()
                                .at("/spec/weighted/services")
                                .valueStream()
                                .map(JsonNode::toString))
                .satisfiesExactly(
                        it -> assertThat(it).contains("\"port\":8080", "\"weight\":70"),
                        it -> assertThat(it).contains("\"port\":8080", "\"weight\":30"));
    }

    @Test
    void othersKeepTheirShareAtEverySplit() {
        traefik.put(
                found(
                        """
                        {weighted: {services: [
                          {name: podinfo, port: 80, weight: 3}, {name: old-shop, port: 80},
                          {name: blog, namespace: blog, port: 80, weight: 0}]}}\
                        """));
        traefik.shift(0);
        assertThat(weights()).containsExactly("podinfo-primary 100", "old-shop 33", "blog 0");
        traefik.shift(40);
        assertThat(weights())
                .containsExactly(
                        "podinfo-primary 60", "podinfo-canary 40", "old-shop 33", "blog 0");
    }

    @Test
    void whatIsAppliedAgainIsTakenOverAgain() {
        String theirs =
                found(
                        "{weighted: {services: [{name: podinfo, port: 80}, {name: old-shop, port:"
                                + " 80}]}}");
        traefik.put(theirs).shift(40).put(theirs).shift(40);

        assertThat(weights())
                .containsExactly("podinfo-primary 60", "podinfo-canary 40", "old-shop 100");
        assertThat(traefik.giveBack().route().json()).isEqualTo(RouterAtWork.read(theirs));
    }

    /** A namesake of another kind, or of another namespace, is not the application. */
    @Test
    void aNamesakeIsNotTheApplication() {
        traefik.put(
                found(
                        """
                        {weighted: {services: [
                          {name: podinfo, port: 80}, {name: podinfo, namespace: other, port: 80},
                          {name: podinfo-canary, kind: TraefikService}]}}\
                        """));
        traefik.shift(0);
        assertThat(weights())
                .containsExactly("podinfo-primary 100", "podinfo 100", "podinfo-canary 100");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {mirroring: {name: podinfo, port: 80}}                            | has spec.mirroring and no spec.weighted.services
                    {highestRandomWeight: {services: [{name: podinfo, port: 80}]}}    | has spec.highestRandomWeight
                    {weighted: {services: [{name: old-shop, port: 80}]}}              | sends nothing to Service podinfo
                    {weighted: {services: [{name: podinfo, weight: 0}, {name: old}]}} | sends nothing to Service podinfo
                    """)
    void oneThatDoesNotLeadToTheApplicationIsRefused(String spec, String because) {
        traefik.put(found(spec));

        assertThatThrownBy(() -> traefik.shift(0))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        it -> assertThat(it.outcome()).isEqualTo(RouterOutcome.INVALID))
                .hasMessageContaining("TraefikService podinfo.test")
                .hasMessageContaining(because)
                .hasMessageContaining("spec.service.name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "{weighted: {}}", "{weighted: {services: []}}"})
    void oneThatLeadsNowhereIsTakenOver(String spec) {
        traefik.put(found(spec)).shift(20);

        assertThat(weights()).containsExactly("podinfo-primary 80", "podinfo-canary 20");
    }
}
