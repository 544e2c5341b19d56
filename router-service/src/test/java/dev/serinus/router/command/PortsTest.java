package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Objects;

/** The ports of the Services, in particular those that are found in the containers. */
class PortsTest {

    private final PretendCluster cluster = new PretendCluster();

    @AfterEach
    void close() {
        cluster.close();
    }

    private RouterResult initialized(String containerPorts, String service) {
        cluster.create(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: podinfo}
                spec:
                  selector: {matchLabels: {app: podinfo}}
                  template:
                    metadata: {labels: {app: podinfo}}
                    spec:
                      containers:
                      - {name: web, image: "web:1", ports: [%s]}
                ---
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: podinfo}
                spec:
                  provider: istio
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                  service: {%s, portDiscovery: true}
                  analysis: {interval: 10s, threshold: 2, maxWeight: 60, stepWeight: 30}
                """
                        .formatted(containerPorts, service));
        return cluster.initialize(1);
    }

    private String ports() {
        return cluster.get(Kind.SERVICE, "podinfo-canary").at("/spec/ports").toString();
    }

    private static String port(String name, String protocol, int port, Object target) {
        return "{\"name\":\"%s\",\"protocol\":\"%s\",\"port\":%d,\"targetPort\":%s}"
                .formatted(name, protocol, port, target);
    }

    @Test
    void whereTheDefaultNameIsTakenTheContainersOwnIsUsed() {
        // When
        initialized(
                "{name: http, containerPort: 9003}, {name: http-ui, containerPort: 9090}",
                "port: 9090");
        // Then
        assertThat(ports())
                .isEqualTo(
                        "[%s,%s]"
                                .formatted(
                                        port("http-ui", "TCP", 9090, 9090),
                                        port("http", "TCP", 9003, 9003)));
    }

    @Test
    void aChosenNameThatIsTakenIsNamed() {
        // When
        var result =
                initialized(
                        "{name: admin, containerPort: 9003}, {name: ui, containerPort: 9090}",
                        "port: 9090, portName: admin");
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(result.getBecause())
                .isEqualTo(
                        "spec.service.portName admin is taken: container web has port 9003 named"
                            + " admin, which spec.service.portDiscovery adds to the Services;"
                            + " choose another spec.service.portName, or switch portDiscovery off");
        assertThat(cluster.writes()).isZero();
    }

    @Test
    void aNumberThatIsTakenIsNamed() {
        // When
        var result =
                initialized(
                        "{name: plain, containerPort: 80}, {name: web, containerPort: 8080}",
                        "port: 80, targetPort: 8080");
        // Then
        assertThat(result.getOutcome()).isEqualTo(RouterOutcome.INVALID);
        assertThat(result.getBecause())
                .startsWith("spec.service.port 80 is taken: container web has port 80 named plain");
    }

    @Test
    void protocolsAreKept() {
        // When
        initialized(
                "{name: dns, containerPort: 53, protocol: UDP}, {name: dns-tcp, containerPort: 53},"
                        + " {containerPort: 5353, protocol: UDP}",
                "port: 53, portName: dns-tcp");
        // Then
        assertThat(ports())
                .isEqualTo(
                        "[%s,%s,%s]"
                                .formatted(
                                        port("dns-tcp", "TCP", 53, 53),
                                        port("dns", "UDP", 53, 53),
                                        port("udp-web-2", "UDP", 5353, 5353)));
    }

    @Test
    void aMainPortThatIsOnlyThereForUdpIsUdp() {
        // When
        initialized("{name: dns, containerPort: 53, protocol: UDP}", "port: 53, portName: dns");
        // Then
        assertThat(ports()).isEqualTo("[%s]".formatted(port("dns", "UDP", 53, 53)));
    }

    /** Taken over with a Service of this name beside it, which people have used until then. */
    private String takenOver(String found) {
        cluster.create(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: podinfo}
                spec: {selector: {app: podinfo}, ports: [%s]}
                """
                        .formatted(found));
        initialized("{name: web, containerPort: 8080}", "port: 9898, targetPort: 8080");
        cluster.serve("podinfo");
        cluster.serve("podinfo-primary");
        cluster.takeOver(2);
        return cluster.get(Kind.SERVICE, "podinfo").at("/spec/ports").toString();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a port without a name gets one | {port: 80, targetPort: 8080} | {"port":80,"targetPort":8080,"name":"port-80"}
                    a name that is taken gives way | {name: http, port: 80, targetPort: 8080} | {"name":"port-80","port":80,"targetPort":8080}
                    a name of its own stays        | {name: web, port: 80, targetPort: 8080} | {"name":"web","port":80,"targetPort":8080}
                    """)
    void aPortOfAnAdoptedServiceIsServedOn(String rule, String found, String kept) {
        // When
        String ports = takenOver(found);
        // Then
        assertThat(ports).isEqualTo("[%s,%s]".formatted(port("http", "TCP", 9898, 8080), kept));
        assertThat(cluster.takeOver(2).getWrites()).as("twice changes nothing").isZero();
    }

    @Test
    void aPortWithoutANameIsGivenBackWithoutOne() {
        // Given
        takenOver("{port: 80, targetPort: 8080}");
        cluster.delete("podinfo");
        // When
        cluster.ask(cluster.command(RouterAction.RESTORE, 3));
        // Then
        assertThat(cluster.get(Kind.SERVICE, "podinfo").at("/spec/ports"))
                .hasToString("[{\"port\":80,\"targetPort\":8080}]");
    }

    @Test
    void aPortOfTheCanarysOwnThatItAsksForNoMoreGoes() {
        // Given
        takenOver("{port: 80, targetPort: 8080}");
        cluster.edit(
                Kind.CANARY,
                "podinfo",
                it -> ((ObjectNode) it.spec().path("service")).put("port", 9000));
        await().until(() -> servicePort() == 9000);
        // When
        cluster.takeOver(3);
        // Then
        assertThat(cluster.get(Kind.SERVICE, "podinfo").at("/spec/ports").toString())
                .doesNotContain("\"port\":9898")
                .contains("\"port\":9000", "port-80");
    }

    private int servicePort() {
        var known = cluster.canaries().get(PretendCluster.NAMESPACE, "podinfo").orElseThrow();
        return Objects.requireNonNull(known.latest().getSpec().service()).port();
    }

    @Test
    void aNodePortIsKeptUnderAnotherName() {
        // When
        String ports = takenOver("{port: 9898, targetPort: 8080, nodePort: 31080}");
        // Then
        assertThat(ports)
                .isEqualTo(
                        "[{\"name\":\"http\",\"protocol\":\"TCP\",\"port\":9898,\"targetPort\":8080,\"nodePort\":31080}]");
    }
}
