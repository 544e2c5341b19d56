package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A workspace of managed Prometheus. */
class AzureMonitorTest extends AzureContract implements PromQlAnswers {

    @Override
    protected String fixed() {
        return "https://lab-x1.westeurope.prometheus.monitor.azure.com";
    }

    @Override
    String resource() {
        return "https://prometheus.monitor.azure.com";
    }

    @Test
    void asksByPostInPromQl() throws Exception {
        provider(settings(null, credentials())).ask("sum(\n  up)");

        var request = server.requests().getFirst();
        assertThat(request.line()).isEqualTo("POST /api/v1/query");
        assertThat(request.body()).isEqualTo("query=sum%28+up%29");
    }

    @Test
    void severalSeriesAreAnError() throws Exception {
        server.answer(200, PrometheusBodies.vector(1, 2));

        assertThat(assertUnavailable(ask())).startsWith("query returned multiple values: 2 series");
    }

    @ParameterizedTest
    @CsvSource({
        "prometheus.monitor.azure.us, login.microsoftonline.us,"
                + " https://prometheus.monitor.azure.us",
        "prometheus.monitor.azure.cn, login.chinacloudapi.cn, https://prometheus.monitor.azure.cn",
    })
    void anotherCloudIsAskedAndKnowsItsOwnClients(String domain, String login, String resource)
            throws Exception {
        List<ProviderHttp.Request> sent = new ArrayList<>();
        String address = "https://a.region." + domain;

        made(
                        settings(address + "/", credentials()),
                        request -> {
                            sent.add(request);
                            return new ProviderHttp.Reply(
                                    200,
                                    "{\"access_token\":\"t\",\"expires_in\":3600}",
                                    null,
                                    null);
                        })
                .ask("up");

        assertThat(sent)
                .extracting(ProviderHttp.Request::uri)
                .containsExactly(
                        URI.create("https://" + login + "/tenant-of-lab/oauth2/v2.0/token"),
                        URI.create(address + "/api/v1/query"));
        assertThat(sent.getFirst().body())
                .endsWith("&scope=" + QueryEncoding.encode(resource + "/.default"));
    }
}
