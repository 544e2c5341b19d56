package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.broker.FreePort;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

class ClustersTest {

    @Test
    void oneThatIsDownIsWaitedForAndThatIsSaidOnce() throws Exception {
        int port = FreePort.next();
        List<String> told = new ArrayList<>();
        List<ApiServerStub> started = new ArrayList<>();
        try (var client =
                Clusters.connect(
                        ApiServerStub.at(port),
                        line -> {
                            told.add(line);
                            started.add(start(port)); // it comes up after that was said
                        })) {
            assertThat(client).isNotNull();
            assertThat(told).hasSize(1);
            assertThat(told.getFirst())
                    .contains("127.0.0.1:" + port, "does not answer", "tried again");
        } finally {
            started.forEach(ApiServerStub::close);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, does not accept the credentials of the kubeconfig /lab",
        "404, does not answer as a Kubernetes API server does"
    })
    void whatDoesNotHealByItselfIsRefusedAtOnce(int status, String because) throws Exception {
        try (var server = new ApiServerStub(0, status, _ -> true)) {
            assertThatThrownBy(() -> Clusters.connect(server.config(), _ -> {}))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining(because);
        }
    }

    @Test
    void anAccountThatMayDoAnythingLacksNothing() throws Exception {
        try (var server = new ApiServerStub(0, 200, _ -> true);
                var client =
                        new KubernetesClientBuilder()
                                .withConfig(server.config().config())
                                .build()) {
            assertThat(Rights.missing(client, null)).isEmpty();
        }
    }

    @Test
    void whatAnAccountMayNotDoIsASentenceForEachKindOfObject() throws Exception {
        try (var server =
                        new ApiServerStub(
                                0,
                                200,
                                asked ->
                                        !asked.path("group").asText().equals("*")
                                                && !asked.path("resource")
                                                        .asText()
                                                        .equals("canaries"));
                var client =
                        new KubernetesClientBuilder()
                                .withConfig(server.config().config())
                                .build()) {
            assertThat(Rights.missing(client, "shop"))
                    .contains(
                            "the account may not get, list, patch, update, watch"
                                    + " canaries.flagger.app in shop")
                    .allSatisfy(sentence -> assertThat(sentence).contains("canaries"));
        }
    }

    @ParameterizedTest
    @CsvSource({"401", "403"})
    void whoMayNotEvenAskIsNobodyThere(int status) throws Exception {
        try (var server = new ApiServerStub(0, status, _ -> true);
                var client =
                        new KubernetesClientBuilder()
                                .withConfig(server.config().config())
                                .build()) {
            assertThat(Rights.missing(client, null))
                    .singleElement()
                    .asString()
                    .startsWith("the account may not even ask what it may do");
        }
    }

    @Test
    void whatTheServerDoesNotAnswerStopsNoStartAndIsNotKnown() throws Exception {
        var unanswered = new Unanswered();
        try (var server = new ApiServerStub(0, 503, _ -> true);
                var client =
                        new KubernetesClientBuilder()
                                .withConfig(
                                        new ConfigBuilder(server.config().config())
                                                .withRequestRetryBackoffLimit(0)
                                                .build())
                                .build()) {
            assertThat(Rights.missing(client, null, unanswered)).isEmpty();
            assertThat(DefinitionsCheck.wrong(client, unanswered)).isEmpty();
        }
        assertThat(Finding.of(List.of(), unanswered, "do this", "all is allowed"))
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.verdict()).isEqualTo(Finding.Verdict.UNKNOWN);
                            assertThat(finding.what())
                                    .startsWith("whether all is allowed: ")
                                    .contains("HTTP 503");
                        });
        assertThat(Finding.of(List.of("one is not"), unanswered, "do this", "all is allowed"))
                .extracting(Finding::verdict)
                .containsExactly(Finding.Verdict.WRONG, Finding.Verdict.UNKNOWN);
    }

    private static ApiServerStub start(int port) {
        try {
            return new ApiServerStub(port, 200, _ -> true);
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
    }
}
