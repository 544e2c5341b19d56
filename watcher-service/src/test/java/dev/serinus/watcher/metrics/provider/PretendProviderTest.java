package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The contract is not one of Prometheus only. */
class PretendProviderTest extends ProviderContract {

    @Override
    protected ProviderType type() {
        return PretendProvider.TYPE;
    }

    @Override
    protected Map<String, String> credentials() {
        return Map.of("api_key", "key-of-shop", "application_key", "app-of-shop");
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.of(Map.of("api_key", "key-of-shop"));
    }

    @Override
    public String query() {
        return "avg:errors{app:cart}";
    }

    @Override
    public String measured(double... values) {
        return IntStream.range(0, values.length)
                .mapToObj(
                        i ->
                                "[%d,%s]"
                                        .formatted(
                                                1_000 + 60 * i,
                                                Double.isNaN(values[i]) ? "null" : values[i]))
                .collect(Collectors.joining(",", "{\"points\":[", "]}"));
    }

    @Override
    public String nothing() {
        return "{\"points\":[]}";
    }

    @Override
    public String healthy() {
        return measured(1);
    }

    @Test
    void aWindowOfTimeEndsNow() throws Exception {
        ask();

        var request = server.requests().getFirst();
        assertThat(request.line()).isEqualTo("POST /v1/series");
        assertThat(request.body())
                .isEqualTo(
                        "{\"query\":\"avg:errors{app:cart}\",\"from\":%d,\"to\":%d}"
                                .formatted(NOW.getEpochSecond() - 600, NOW.getEpochSecond()));
    }
}
