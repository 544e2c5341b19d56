package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.util.Map;

class ProxiesTest {

    private static final Proxies ENVIRONMENT =
            Proxies.of(
                    Map.of(
                            "HTTP_PROXY", "http://plain.proxy:3128",
                            "https_proxy", "secure.proxy:3129",
                            "HTTPS_PROXY", "http://ignored:1",
                            "NO_PROXY",
                                    "internal.example,"
                                            + " .svc,10.0.0.0/8,fd00::/8,only.example:8443"));

    @ParameterizedTest
    @CsvSource({
        "http://hooks.example/x, plain.proxy",
        "https://hooks.example/x, secure.proxy",
        "http://internal.example/x,",
        "http://a.internal.example/x,",
        "http://loadtester.test.svc/x,",
        "http://localhost:8080/x,",
        "http://127.0.0.1:8080/x,",
        "http://[::1]:8080/x,",
        "http://[fe80::1%25eth0]/x, plain.proxy",
        "http://INTERNAL.example./x,",
        "http://10.1.2.3:9090/x,",
        "http://11.1.2.3:9090/x, plain.proxy",
        "http://[fd34::7]/x,",
        "https://only.example:8443/x,",
        "https://only.example/x, secure.proxy"
    })
    void theEnvironmentSaysWhichProxyAndWhichHostsGoDirectly(URI address, String proxy) {
        var found = ENVIRONMENT.proxyFor(address);

        assertThat(found == null ? null : found.getHost()).isEqualTo(proxy);
    }

    @Test
    void ofHttpsAloneNothingElseHasAProxy() {
        assertThat(ENVIRONMENT.ofHttps().proxyFor(URI.create("http://169.254.169.254/x"))).isNull();
        assertThat(ENVIRONMENT.ofHttps().proxyFor(URI.create("https://sts.amazonaws.com")))
                .isEqualTo(URI.create("http://secure.proxy:3129"));
        assertThat(ENVIRONMENT.ofHttps().proxyFor(URI.create("https://a.svc"))).isNull();
    }

    @Test
    void withoutVariablesAllGoesDirectly() {
        assertThat(Proxies.of(Map.of()).proxyFor(URI.create("http://hooks.example"))).isNull();
    }

    @Test
    void anAddressThatIsNoneIsRefusedWithoutBeingQuoted() {
        assertThatThrownBy(() -> Proxies.of(Map.of("HTTP_PROXY", "socks5://me:s3cr3t@proxy")))
                .hasMessage(
                        "http_proxy must be the address of an http proxy, such as"
                                + " http://proxy.example:3128");
    }
}
