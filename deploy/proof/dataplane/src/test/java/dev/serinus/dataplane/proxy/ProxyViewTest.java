package dev.serinus.dataplane.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.dataplane.cluster.Shares;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Map;

class ProxyViewTest {

    private static final Shares NONE = new Shares(0, 0);
    private static final Shares SOME = new Shares(10, 10);

    private final ProxyView view = new ProxyView(new Silent());

    private static final class Silent implements Admin {
        @Override
        public Map<String, Shares> shares() {
            return Map.of();
        }

        @Override
        public String backends() throws IOException {
            throw new IOException("it is not up");
        }
    }

    private void looks(Shares shares, int... times) {
        for (int time : times) {
            view.saw(Map.of("app", shares), time, time + 5);
        }
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void whatWasWrittenIsTakenOverOnceItIsSeenTwice() {
        // Given
        looks(NONE, 10, 20);
        // When
        looks(SOME, 30);
        // Then
        assertThat(view.takenAt("app", SOME, 22)).isEmpty();
        // When
        looks(SOME, 40);
        // Then
        assertThat(view.takenAt("app", SOME, 22)).hasValue(45);
        assertThat(view.takenAt("app", SOME, 60)).hasValue(60);
    }

    @Test
    void whatIsToldLateCountsFromThenOn() {
        looks(NONE, 10, 20);
        looks(SOME, 30, 40);
        looks(NONE, 50, 60);
        assertThat(view.takenAt("app", NONE, 22))
                .as("the first time was over at 20, when a look began that showed it still")
                .hasValue(65);
    }

    @Test
    void itIsSurelyLeftAtTheLastLookThatShowedIt() {
        looks(NONE, 10, 20);
        looks(SOME, 30, 40);
        looks(NONE, 50, 60);
        assertThat(view.leftAfter("app", 45)).hasValue(40);
        assertThat(view.leftAfter("app", 65)).isEmpty();
        assertThat(view.leftAfter("other", 0)).isEmpty();
    }

    @Test
    void aProxyThatDoesNotAnswerMaySendRequestsAnywhere() {
        assertThat(view.sendsTo("10.244.0.1:9898")).isTrue();
    }

    @Test
    void envoySaysWhatGoesToTheCanary() throws IOException {
        var dump =
                json(
                        """
                        {"configs": [{"route_config": {"name": "http-10080", "virtual_hosts": [
                          {"domains": ["release.example"], "routes": [
                            {"route": {"weighted_clusters": {"clusters": [
                              {"name": "apps/release-primary/80/da39a3ee5e", "weight": 90},
                              {"name": "apps/release-canary/80/da39a3ee5e", "weight": 10}]}}}]},
                          {"domains": ["match.example"], "routes": [
                            {"match": {"headers": [{"name": "x-canary"}]},
                             "route": {"weighted_clusters": {"clusters": [
                              {"name": "apps/match-primary/80/da39a3ee5e", "weight": 0},
                              {"name": "apps/match-canary/80/da39a3ee5e", "weight": 100}]}}},
                            {"route": {"cluster": "apps/match-primary/80/da39a3ee5e"}}]},
                          {"domains": ["*"], "routes": []}]}}]}
                        """);
        assertThat(EnvoyAdmin.shares(dump, EnvoyAdmin.OF_CONTOUR))
                .containsOnly(
                        Map.entry("release", new Shares(10, 10)),
                        Map.entry("match", new Shares(0, 100)));
    }

    @Test
    void envoySaysSoOfIstiosClustersWhereAHostHasOtherNamesBesides() throws IOException {
        var dump =
                json(
                        """
                        {"configs": [{"route_config": {"name": "http.18080", "virtual_hosts": [
                          {"domains": ["release", "release.example"], "routes": [
                            {"route": {"weighted_clusters": {"clusters": [
                              {"name": "outbound|80||release-primary.apps.svc.cluster.local", "weight": 90},
                              {"name": "outbound|80||release-canary.apps.svc.cluster.local", "weight": 10}]}}}]},
                          {"domains": ["match.example"], "routes": [
                            {"route": {"cluster": "outbound|80||match-canary.apps.svc.cluster.local"}},
                            {"route": {"cluster": "outbound|80||match-primary.apps.svc.cluster.local"}}]}]}}]}
                        """);
        assertThat(EnvoyAdmin.shares(dump, EnvoyAdmin.OF_ISTIO))
                .containsOnly(
                        Map.entry("release", new Shares(10, 10)),
                        Map.entry("match", new Shares(0, 100)));
    }

    @Test
    void traefikSaysWhatGoesToTheCanary() throws IOException {
        var data =
                json(
                        """
                        {"routers": {
                          "gateway-release@kubernetesgateway":
                            {"rule": "Host(\\"release.example\\") && PathPrefix(\\"/\\")", "service": "a-wrr"},
                          "gateway-match-0@kubernetesgateway":
                            {"rule": "Host(\\"match.example\\") && Header(\\"x-canary\\",\\"insider\\")", "service": "b-wrr"},
                          "gateway-match-1@kubernetesgateway":
                            {"rule": "Host(\\"match.example\\") && PathPrefix(\\"/\\")", "service": "c-wrr"},
                          "apps-ingress@kubernetescrd":
                            {"rule": "Host(`affinity.example`)", "service": "apps-affinity"},
                          "api@internal": {"rule": "PathPrefix(`/api`)", "service": "api@internal"}},
                         "services": {
                          "a-wrr@kubernetesgateway": {"weighted": {"services": [
                            {"name": "x-svc-apps-release-primary-0", "weight": 90},
                            {"name": "x-svc-apps-release-canary-1", "weight": 10}]}},
                          "b-wrr@kubernetesgateway": {"weighted": {"services": [
                            {"name": "x-svc-apps-match-primary-0", "weight": 0},
                            {"name": "x-svc-apps-match-canary-1", "weight": 100}]}},
                          "c-wrr@kubernetesgateway": {"weighted": {"services": [
                            {"name": "x-svc-apps-match-primary-0", "weight": 100}]}},
                          "apps-affinity@kubernetescrd": {"weighted": {"services": [
                            {"name": "apps-affinity-primary-80", "weight": 70},
                            {"name": "apps-affinity-canary-80", "weight": 30}]}}}}
                        """);
        assertThat(TraefikApi.shares(data))
                .containsOnly(
                        Map.entry("release", new Shares(10, 10)),
                        Map.entry("match", new Shares(0, 100)),
                        Map.entry("affinity", new Shares(30, 30)));
    }
}
