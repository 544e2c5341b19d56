package dev.serinus.demo.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

class MetricsEndpointTest {

    private static JsonNode get(String url) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return new ObjectMapper()
                    .readTree(
                            client.send(
                                            HttpRequest.newBuilder(URI.create(url)).build(),
                                            BodyHandlers.ofString())
                                    .body());
        }
    }

    @Test
    void aRangeHasOneValueForEachStep() throws Exception {
        try (var endpoint = MetricsEndpoint.start(new Samples())) {
            var answer =
                    get(
                            endpoint.url()
                                    + "/api/v1/query_range?query=vector(1)&start=10.5&end=14&step=1.5");

            assertThat(answer.at("/data/resultType").asText()).isEqualTo("matrix");
            assertThat(answer.at("/data/result/0/values").toString())
                    .isEqualTo("[[10.5,\"1.0\"],[12.0,\"1.0\"],[13.5,\"1.0\"]]");
        }
    }

    @Test
    void aRangeWithoutAStepIsRefused() throws Exception {
        try (var endpoint = MetricsEndpoint.start(new Samples())) {
            var answer =
                    get(
                            endpoint.url()
                                    + "/api/v1/query_range?query=vector(1)&start=1&end=2&step=0");

            assertThat(answer.path("status").asText()).isEqualTo("error");
            assertThat(answer.path("error").asText()).contains("step");
        }
    }
}
