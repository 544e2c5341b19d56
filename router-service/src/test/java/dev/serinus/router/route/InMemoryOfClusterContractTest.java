package dev.serinus.router.route;

class InMemoryOfClusterContractTest extends RouterContract {

    @Override
    protected Router router() {
        return InMemoryRouter.ofTheCluster();
    }

    @Override
    protected String read() {
        return """
        apiVersion: mesh.test/v1
        kind: Entry
        metadata: {name: podinfo, namespace: test}
        spec: {host: shop.example.com}
        """;
    }

    @Override
    protected String found() {
        return """
        apiVersion: mesh.test/v1
        kind: ClusterRoute
        metadata: {name: podinfo, labels: {team: shop}, annotations: {note: ours}}
        spec: {host: old.example.com}
        """;
    }
}
