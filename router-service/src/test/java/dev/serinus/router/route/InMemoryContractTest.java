package dev.serinus.router.route;

class InMemoryContractTest extends RouterContract {

    @Override
    protected Router router() {
        return InMemoryRouter.ofNamespaces();
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
        kind: Route
        metadata: {name: podinfo, namespace: test, labels: {team: shop}, annotations: {note: ours}}
        spec: {host: old.example.com}
        """;
    }
}
