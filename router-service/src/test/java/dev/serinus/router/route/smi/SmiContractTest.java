package dev.serinus.router.route.smi;

import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterContract;
import dev.serinus.schemas.mesh.Mesh;

/** What is alike in all meshes that are steered by a TrafficSplit. */
abstract class SmiContractTest extends RouterContract {

    private final Mesh mesh;

    SmiContractTest(Mesh mesh) {
        this.mesh = mesh;
    }

    @Override
    protected Router router() {
        return new SmiRouter(mesh);
    }

    @Override
    protected String found() {
        return """
        apiVersion: %s
        kind: TrafficSplit
        metadata: {name: podinfo, namespace: test, labels: {team: shop}}
        spec:
          service: podinfo
          backends:
          - {service: podinfo-blue, weight: 90}
          - {service: podinfo-green, weight: 10}
        """
                .formatted(mesh.writes().getFirst().apiVersion());
    }
}
