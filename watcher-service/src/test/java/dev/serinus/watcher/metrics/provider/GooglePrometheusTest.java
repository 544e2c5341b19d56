package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** With the key of a service account that a Secret holds. */
class GooglePrometheusTest extends FixedAddressContract {

    private final ProviderType type = GooglePrometheus.type();
    private final MetricsServer tokens = new MetricsServer();

    @BeforeEach
    void serveTokens() throws IOException {
        tokens.start();
        tokens.answer(200, "{\"access_token\":\"ya29.lab-token\",\"expires_in\":3600}");
    }

    @AfterEach
    void stopTokens() {
        tokens.close();
    }

    @Override
    protected ProviderType type() {
        return type;
    }

    @Override
    protected String fixed() {
        return "https://monitoring.googleapis.com";
    }

    @Override
    protected String here(String address) {
        return super.here(address).replace(StackdriverTest.TOKENS, tokens.url());
    }

    @Override
    protected Map<String, String> credentials() {
        return Map.of("project", "lab-project", "serviceAccountKey", StackdriverTest.KEY);
    }

    @Override
    protected Collection<String> secrets() {
        return List.of(StackdriverTest.KEY);
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.of(Map.of("serviceAccountKey", StackdriverTest.key("")));
    }

    @Override
    protected String query() {
        return "sum(rate(errors_total[1m]))";
    }

    /** Of several series the last counts. */
    @Override
    protected String measured(double... values) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1772359200,\"%s\"]}]}}"
                .formatted(values[values.length - 1]);
    }

    @Override
    protected String nothing() {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}";
    }

    @Override
    protected String healthy() {
        return measured(1);
    }

    @Test
    void asksTheProjectInPromQlWithTheTokenThatTheKeyGets() throws Exception {
        provider(settings(null, credentials())).ask("sum(\n  up)");

        var request = server.requests().getFirst();
        assertThat(request.line())
                .isEqualTo(
                        "GET /v1/projects/lab-project/location/global/prometheus/api/v1/query?query=sum%28+up%29");
        assertThat(request.headers())
                .containsEntry("Authorization", List.of("Bearer ya29.lab-token"));
    }

    @Test
    void aTokenIsUsedUntilItIsNotTakenAnyMore() throws Exception {
        ask();
        ask();
        assertThat(tokens.requests()).hasSize(1);

        server.answer(401, "{}");
        ask();
        server.answer(200, measured(1));

        assertThat(value(ask())).isEqualTo(1);
        assertThat(tokens.requests()).hasSize(2);
    }

    @Test
    void theProjectMustBeKnown() {
        assertThat(wrong(settings(null, Map.of("serviceAccountKey", StackdriverTest.key("")))))
                .isEqualTo("googleprometheus credentials does not contain a project id");
    }
}
