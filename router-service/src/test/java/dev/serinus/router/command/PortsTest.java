package dev.serinus.router.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.router.PretendCluster;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.events.RouterOutcome;
import dev.serinus.schemas.events.RouterResult;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
}
