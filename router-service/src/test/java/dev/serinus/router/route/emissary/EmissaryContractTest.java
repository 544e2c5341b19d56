package dev.serinus.router.route.emissary;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.objects.Edit;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterContract;

class EmissaryContractTest extends RouterContract {

    @Override
    protected Router router() {
        return new EmissaryRouter();
    }

    @Override
    protected String spec() {
        return "service: {port: 80}\n  routeRef: {kind: Mapping, name: shop}";
    }

    @Override
    protected String read() {
        return """
        apiVersion: getambassador.io/v3alpha1
        kind: Mapping
        metadata: {name: shop, namespace: test, labels: {team: shop}, annotations: {theirs: "yes"}}
        spec: {hostname: shop.example.com, prefix: /, service: podinfo, stats_name: shop, timeout_ms: 4000}
        """;
    }

    @Override
    protected void change(Edit read) {
        read.spec("prefix", JsonNodeFactory.instance.textNode("/new/"));
    }

    @Override
    protected String unfit() {
        return """
        apiVersion: getambassador.io/v3alpha1
        kind: Mapping
        metadata: {name: shop-podinfo-canary, namespace: test, labels: {by: hand}, annotations: {note: mine}}
        spec: {hostname: "*", prefix: /old/, service: old}
        """;
    }
}
