package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.cli.Finding.Verdict;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;

/** An API server whose answers have a date, and a machine whose clock is somewhere else. */
class ClockCheckTest {

    @Test
    void clocksThatAgreeAreNoNews() throws Exception {
        assertThat(looked(Duration.ZERO).verdict()).isEqualTo(Verdict.OK);
        assertThat(looked(Duration.ofSeconds(5)).verdict()).isEqualTo(Verdict.OK);
    }

    @ParameterizedTest
    @CsvSource({"PT1H, behind", "PT-1H, ahead of"})
    void oneThatIsElsewhereIsNamed(Duration ours, String where) throws Exception {
        var finding = looked(ours);

        assertThat(finding.verdict()).isEqualTo(Verdict.WRONG);
        assertThat(finding.what())
                .matches(
                        "the clock of the API server is (3599|3600) s %s that of this machine"
                                .formatted(where));
        assertThat(finding.advice()).contains("NTP");
    }

    private static Finding looked(Duration ours) throws Exception {
        try (var server = new ApiServerStub(0, 200, _ -> true);
                var client =
                        new KubernetesClientBuilder()
                                .withConfig(server.config().config())
                                .build()) {
            return new ClockCheck(() -> Instant.now().plus(ours)).ofApiServer(client);
        }
    }
}
