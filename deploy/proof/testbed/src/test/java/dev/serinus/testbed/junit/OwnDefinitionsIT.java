package dev.serinus.testbed.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real API server says to a Canary that our definition does not allow. */
@OnTestBed
class OwnDefinitionsIT {

    private static final String CANARY =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: rules, namespace: %s}
            spec:
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
              service: {port: 80%s}
              analysis: {%s}
            """;

    private static final String ANALYSIS = "interval: 1m, threshold: 5, stepWeight: 10";

    private final TestBed bed;
    private final KubernetesClient admin;

    OwnDefinitionsIT(TestBed bed, KubernetesClient admin) {
        this.bed = bed;
        this.admin = admin;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | interval: 1m, threshold: 5 | spec.analysis | at least one of iterations,"
                        + " stepWeight, stepWeights has to be set",
                "'' | interval: 1m, threshold: 5, stepWeight: 10, stepWeights: [5, 10] |"
                        + " spec.analysis | at most one of stepWeight, stepWeights has to be set",
                "'' | threshold: 5, stepWeight: 10 | spec.analysis.interval | Required value",
                "'' | interval: 1m, threshold: 5, iterations: 5, match: [{headers: {a: {}}}] |"
                        + " spec.analysis.match[0].headers | exactly one of exact, prefix,"
                        + " suffix, regex has to be set",
                "', match: [{uri: {exact: /, prefix: /}}]' | interval: 1m, threshold: 5,"
                        + " stepWeight: 10 | spec.service.match[0].uri | at most one of exact,"
                        + " prefix, regex has to be set",
                "', trafficPolicy: {loadBalancer: {consistentHash: {}}}' | interval: 1m,"
                        + " threshold: 5, stepWeight: 10 |"
                        + " spec.service.trafficPolicy.loadBalancer.consistentHash | exactly one"
                        + " of httpHeaderName, httpCookie, useSourceIp, httpQueryParameterName"
                        + " has to be set"
            })
    void aChoiceThatWasNotMadeIsRefusedWithTheFieldsToChooseFrom(
            String service, String analysis, String path, String because) {
        assertThatThrownBy(() -> create(CANARY.formatted(bed.namespace(), service, analysis)))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        refused -> {
                            assertThat(refused.getCode()).isEqualTo(422);
                            assertThat(refused.getStatus().getMessage())
                                    .contains(path, because)
                                    .doesNotContain("must validate one and only one schema");
                        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"type: slack", "type: slack, address: 'http://a', secretRef: {name: b}"})
    void anAlertProviderHasOneAddress(String spec) {
        String provider =
                """
                apiVersion: flagger.app/v1beta1
                kind: AlertProvider
                metadata: {name: rules, namespace: %s}
                spec: {%s}
                """
                        .formatted(bed.namespace(), spec);

        assertThatThrownBy(() -> create(provider))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("exactly one of address, secretRef has to be set");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type: pagerduty, digest: 10m | spec.digest: Invalid value: pagers, commits and"
                        + " graphs are told at once",
                "type: slack, digest: 30s | spec.digest: Invalid value: must be 1m to 24h",
                "type: slack, digest: soon | spec.digest in body should match",
                "type: email | email needs from and to",
                "type: email, from: a@b.example, to: [] | spec.to in body should have at least 1",
                "type: email, from: a@b.example, to: [c@d.example], proxy: http://p |"
                        + " spec.proxy: Invalid value: mails do not go through HTTP proxies"
            })
    void whatATypeNeedsIsSaid(String spec, String because) {
        String provider =
                """
                apiVersion: flagger.app/v1beta1
                kind: AlertProvider
                metadata: {name: needs, namespace: %s}
                spec: {secretRef: {name: b}, %s}
                """
                        .formatted(bed.namespace(), spec);

        assertThatThrownBy(() -> create(provider))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(because);
    }

    @Test
    void whatChoosesIsAccepted() {
        String service =
                ", match: [{uri: {prefix: /}, headers: {a: {}}}], trafficPolicy: {loadBalancer:"
                        + " {simple: RANDOM}}";

        assertThatCode(() -> create(CANARY.formatted(bed.namespace(), service, ANALYSIS)))
                .doesNotThrowAnyException();
    }

    /** What guides have, and Flagger's definition refuses. */
    @Test
    void whatLastsByIterationsIsAccepted() {
        String guide = "interval: 1h, delay: 1m30s, stepWeight: 5, maxWeight: 50, iterations: 20";
        String other = CANARY.replace("name: rules", "name: lasting");

        assertThatCode(() -> create(other.formatted(bed.namespace(), "", guide)))
                .doesNotThrowAnyException();
    }

    private void create(String manifest) {
        admin.resource(manifest).create();
    }
}
