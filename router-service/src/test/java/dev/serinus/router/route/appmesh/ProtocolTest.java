package dev.serinus.router.route.appmesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.router.route.RouterAtWork;
import dev.serinus.schemas.mesh.AppMesh;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A protocol that changes is a second without answers, so that a mesh of Flagger's keeps its own.
 */
class ProtocolTest {

    @ParameterizedTest
    @CsvSource({
        "'', http, httpRoute",
        "', portName: http2', http, httpRoute",
        "', portName: http2-web', http, httpRoute",
        "', portName: grpc-web', grpc, grpcRoute",
        "', appProtocol: h2c', http2, http2Route"
    })
    void theNameOfAPortTellsGrpcAndNothingElse(String more, String protocol, String route) {
        // Given
        var mesh = new RouterAtWork(new AppMeshV1Beta2Router(), "{port: 80" + more + "}", "[]");
        // When
        mesh.shift(0);
        // Then
        var spec = mesh.route().at("/spec");
        assertThat(spec.at("/listeners/0/portMapping/protocol").asText()).isEqualTo(protocol);
        assertThat(spec.path("routes").path(0).has(route)).isTrue();
        assertThat(
                        mesh.get(AppMesh.VIRTUAL_NODE, "podinfo-canary")
                                .at("/spec/listeners/0/portMapping/protocol")
                                .asText())
                .isEqualTo(protocol);
    }
}
