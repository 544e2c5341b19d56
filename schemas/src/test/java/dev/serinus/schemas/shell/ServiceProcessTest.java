package dev.serinus.schemas.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.schemas.canary.IngressNames;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.NamespacedRef;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.Network;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import io.micronaut.runtime.server.EmbeddedServer;

import jakarta.inject.Singleton;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A service that does nothing, in the shell of all services. */
class ServiceProcessTest {

    private static final String ANY_PORT = "-micronaut.server.port=-1";

    @Test
    void aServiceServesItsHealthAndMetrics() throws Exception {
        try (var context = ServiceProcess.start("idle", ANY_PORT)) {
            assertThat(get(context, "/healthz").body()).isEqualTo("OK");
            assertThat(get(context, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(context, "/readyz").body()).isEqualTo("nothing was read yet");
            assertThat(get(context, "/metrics").body()).contains("idle_things_total 1.0");
            assertThat(get(context, "/metrics").body())
                    .contains("\nprocess_resident_memory_bytes ")
                    .contains("\nprocess_cpu_seconds_total ")
                    .contains("\njvm_memory_used_bytes{area=\"heap\"} ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/threaddump", "/refresh", "/env", "/beans", "/loggers", "/stop"})
    void noVariableOpensTheFrameworksManagement(String path) throws Exception {
        try (var context =
                ServiceProcess.start(
                        "idle",
                        ANY_PORT,
                        "-endpoints.all.enabled=true",
                        "-endpoints.all.sensitive=false")) {
            assertThat(get(context, path).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theSettingsOfAnInstallationHaveFlaggersDefaults() {
        try (var context =
                ServiceProcess.start("idle", ANY_PORT, "-serinus.cluster-name=production")) {
            var installation = context.getBean(InstallationSettings.class).installation();

            assertThat(installation).isEqualTo(Installation.named("production"));
            assertThat(context.getBean(OutgoingSettings.class).guard())
                    .isEqualTo(new AddressGuard(false));
        }
    }

    @Test
    void everySettingOfAnInstallationCanBeSet() {
        try (var context =
                ServiceProcess.start(
                        "idle",
                        ANY_PORT,
                        "-serinus.cluster-name=production",
                        "-serinus.namespace=shop",
                        "-serinus.mesh-provider=kubernetes",
                        "-serinus.metrics-server=http://u:s3cr3t@prometheus:9090",
                        "-serinus.min-interval=3s",
                        "-serinus.selector-labels=app,role",
                        "-serinus.enable-config-tracking=false",
                        "-serinus.include-label-prefix=team",
                        "-serinus.no-cross-namespace-refs=true",
                        "-serinus.metrics-server-template=monitoring/thanos",
                        "-serinus.ingress-class=public",
                        "-serinus.ingress-annotations-prefix=nginx.example.com",
                        "-serinus.allow-link-local=true",
                        "-serinus.deny-networks=10.0.0.0/8")) {
            var settings = context.getBean(InstallationSettings.class);
            var installation = settings.installation();

            assertThat(installation.namespace()).isEqualTo("shop");
            assertThat(installation.meshProvider()).isEqualTo("kubernetes");
            assertThat(installation.metricsServer()).contains("s3cr3t");
            assertThat(installation.metricsServerTemplate())
                    .isEqualTo(new NamespacedRef("thanos", "monitoring"));
            assertThat(installation.minInterval()).isEqualTo(Duration.ofSeconds(3));
            assertThat(installation.selectorLabels()).containsExactly("app", "role");
            assertThat(installation.configTracking()).isFalse();
            assertThat(installation.includeLabelPrefixes()).containsExactly("team");
            assertThat(installation.noCrossNamespaceRefs()).isTrue();
            assertThat(installation.ingress())
                    .isEqualTo(new IngressNames("public", "nginx.example.com"));
            assertThat(context.getBean(OutgoingSettings.class).guard())
                    .isEqualTo(new AddressGuard(true, Network.list("10.0.0.0/8")));
            assertThat(settings.toString()).doesNotContain("s3cr3t");
        }
    }

    @Test
    void aStartThatFailsLeavesNothingRunning() {
        assertThatThrownBy(() -> ServiceProcess.start("idle", ANY_PORT, "-test.broken=true"))
                .rootCause()
                .hasMessage("the disk is full");
    }

    private static HttpResponse<String> get(ApplicationContext context, String path)
            throws Exception {
        int port = context.getBean(EmbeddedServer.class).getPort();
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Factory
    @Requires(property = "serinus.service", value = "idle")
    static final class Beans {

        @Singleton
        PrometheusMeterRegistry registry() {
            var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            registry.counter("idle.things").increment();
            return registry;
        }

        @Context
        ServiceHealth service(@Value("${test.broken:false}") boolean broken) {
            if (broken) {
                throw new IllegalStateException("the disk is full");
            }
            return new ServiceHealth() {
                @Override
                public boolean alive() {
                    return true;
                }

                @Override
                public boolean ready() {
                    return false;
                }

                @Override
                public String missing() {
                    return "nothing was read yet";
                }
            };
        }
    }
}
