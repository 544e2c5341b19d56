package dev.serinus.router.route.gloo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.RouterAtWork;
import dev.serinus.router.route.RouterContract;

import org.junit.jupiter.api.Test;

class GlooContractTest extends RouterContract {

    @Override
    protected Router router() {
        return new GlooRouter();
    }

    @Override
    protected String spec() {
        return """
        service: {port: 80}
          upstreamRef: {apiVersion: gloo.solo.io/v1, kind: Upstream, name: settings}\
        """;
    }

    @Override
    protected String read() {
        return """
        apiVersion: gloo.solo.io/v1
        kind: Upstream
        metadata: {name: settings, namespace: test}
        spec: {loadBalancerConfig: {leastRequest: {choiceCount: 3}}, useHttp2: true}
        """;
    }

    @Override
    protected void change(Edit read) {
        read.spec().putObject("connectionConfig").put("maxRequestsPerConnection", 7);
    }

    @Override
    protected String unfit() {
        return """
        apiVersion: gateway.solo.io/v1
        kind: RouteTable
        metadata: {name: podinfo, namespace: test}
        spec: {routes: [{delegateAction: {ref: {name: other}}}]}
        """;
    }

    @Override
    protected String found() {
        return """
        apiVersion: gateway.solo.io/v1
        kind: RouteTable
        metadata:
          name: podinfo
          namespace: test
          labels: {team: shop}
          annotations: {note: ours}
        spec:
          weight: 5
          routes:
          - matchers: [{prefix: /admin}]
            routeAction: {single: {upstream: {name: test-admin-80, namespace: gloo-system}}}
          - matchers: [{prefix: /}]
            options: {timeout: 5s}
            routeAction: {single: {upstream: {name: test-podinfo-80, namespace: gloo-system}}}
        ---
        apiVersion: gloo.solo.io/v1
        kind: Upstream
        metadata: {name: test-podinfo-primaryupstream-80, namespace: test, labels: {team: shop}}
        spec: {healthChecks: [{timeout: 1s}], useHttp2: false}
        """;
    }

    /** Else all that somebody changed in a year would be lost by one time-out. */
    @Test
    void whatCannotBeReadJustNowIsWaitedForWhenItIsGivenBack() {
        var at =
                new RouterAtWork(
                                router(),
                                "{port: 80}",
                                "[]",
                                "upstreamRef: {apiVersion: gloo.solo.io/v1, kind: Upstream, name:"
                                        + " settings}")
                        .put(read())
                        .put(found().substring(0, found().indexOf("---")))
                        .shift(10);
        var edited = at.route().edited(it -> it.spec().put("weight", 7));
        at.put(edited.json().toString());

        assertThatThrownBy(() -> at.failing("settings").giveBack())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("times out");
        assertThat(at.route()).isEqualTo(edited);
        assertThat(at.failing("").giveBack().route().at("/spec/weight").asInt()).isEqualTo(7);
        assertThat(at.without("Upstream", "settings").giveBack().route().at("/spec/weight").asInt())
                .isEqualTo(7);
    }
}
