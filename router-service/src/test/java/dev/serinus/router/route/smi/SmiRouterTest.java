package dev.serinus.router.route.smi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Copies;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.mesh.Smi;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Optional;

class SmiRouterTest {

    @ParameterizedTest
    @CsvSource({"1, 1, 50", "700, 300, 30", "0, 5, 100", "100, 0, 0"})
    void weightsAreSharesOfTheirSum(int primary, int candidate, int percent) throws Exception {
        assertThat(
                        shown(
                                "{service: podinfo-primary, weight: %d}, {service: podinfo-canary, weight: %d}"
                                        .formatted(primary, candidate)))
                .hasValue(Split.of(percent));
    }

    @ParameterizedTest
    @CsvSource({"900m, 100m, 10", "1, 500m, 33.33", "999, 1, 0.1", "1, 999, 99.9"})
    void aSmallShareIsNotNone(String primary, String candidate, double percent) throws Exception {
        assertThat(
                        shown(
                                "{service: podinfo-primary, weight: %s}, {service: podinfo-canary, weight: %s}"
                                        .formatted(primary, candidate)))
                .hasValue(Split.of(Weight.nearest(percent)));
    }

    @Test
    void whatLeadsToNeitherSideIsNoRoute() throws Exception {
        assertThat(shown("{service: podinfo-blue, weight: 100}")).isEmpty();
        assertThat(shown("{service: podinfo-primary, weight: 0}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', podinfo",
        "root, root",
        "root.test.svc.cluster.local, root.test.svc.cluster.local",
        "shop.example.com, podinfo"
    })
    void callsToAServiceOfTheNamespaceAreSplit(String host, String root) {
        var canary =
                Copies.canary(
                        "provider: smi:v1alpha3",
                        "{port: 80, hosts: [%s]}".formatted(host),
                        "stepWeight: 10");

        var made =
                new CanaryRoute(new SmiRouter(Smi.V1ALPHA3), canary)
                        .plan(new Routing(canary, Split.of(30), 1, "app"), _ -> null)
                        .getFirst()
                        .desired();

        assertThat(made.at("/spec/service").asText()).isEqualTo(root);
    }

    private static Optional<Split> shown(String backends) throws Exception {
        var json =
                new YAMLMapper()
                        .readTree("spec: {service: podinfo, backends: [%s]}".formatted(backends));
        var ref = Smi.V1ALPHA3.writes().getFirst().named("test", "podinfo");
        return new SmiRouter(Smi.V1ALPHA3).shown(new ClusterObject(ref, (ObjectNode) json));
    }
}
