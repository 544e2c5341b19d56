package dev.serinus.watcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnreadableTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    403 | metric template errors.monitoring cannot be read: status 403, the watcher has no right to get metrictemplates in namespace monitoring
                    503 | metric template errors.monitoring cannot be read now: status 503
                    """)
    void aRightThatIsMissingIsNoMatterOfTime(int status, String told) {
        var away = new KubernetesClientException(new StatusBuilder().withCode(status).build());

        assertThat(
                        Unreadable.because(
                                "metric template errors.monitoring",
                                "metrictemplates",
                                "monitoring",
                                away))
                .isEqualTo(told);
    }
}
