package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who the installation is at a cloud is asked in its own name, and not in that of a canary. */
class InstallationIdentityTest {

    private static final String EVERYTHING =
            """
            {"AccessKeyId": "ASIALAB", "SecretAccessKey": "s", "Expiration": "2026-03-01T11:00:00Z",
             "access_token": "t", "expires_in": 3600}
            """;
    private static final String ROLE =
            """
            <AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
            <AccessKeyId>ASIALAB</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
            <SessionToken>t</SessionToken><Expiration>2026-03-01T11:00:00Z</Expiration>
            </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
            """;

    private final KubernetesClient kubernetes = new KubernetesClientBuilder().build();
    private final List<String> byTheCanary = new ArrayList<>();
    private final List<String> byTheInstallation = new ArrayList<>();

    @AfterEach
    void close() {
        kubernetes.close();
    }

    private static ProviderHttp answering(List<String> hosts) {
        return request -> {
            URI uri = request.uri();
            hosts.add(uri.getHost());
            return new ProviderHttp.Reply(200, body(uri), null, null);
        };
    }

    private static String body(URI uri) {
        if (uri.getHost().startsWith("sts")) {
            return ROLE;
        }
        return uri.getPath().endsWith("/security-credentials/") || uri.getPath().endsWith("/token")
                ? uri.getHost().equals("169.254.169.254") && !uri.getPath().contains("oauth2")
                        ? "line"
                        : EVERYTHING
                : EVERYTHING;
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    cloudwatch       | AWS_WEB_IDENTITY_TOKEN_FILE            | sts.eu-west-1.amazonaws.com
                    amazonprometheus | AWS_WEB_IDENTITY_TOKEN_FILE            | sts.eu-west-1.amazonaws.com
                    cloudwatch       | AWS_CONTAINER_CREDENTIALS_RELATIVE_URI | 169.254.170.2
                    cloudwatch       | SERINUS_INSTANCE_CREDENTIALS           | 169.254.169.254
                    stackdriver      | GOOGLE_APPLICATION_CREDENTIALS         | oauth2.googleapis.com
                    googleprometheus | SERINUS_INSTANCE_CREDENTIALS           | metadata.google.internal
                    azuremonitor     | AZURE_FEDERATED_TOKEN_FILE             | login.microsoftonline.com
                    azuremonitor     | SERINUS_INSTANCE_CREDENTIALS           | 169.254.169.254
                    """)
    void itIsAskedInItsOwnName(String type, String variable, String host, @TempDir Path folder)
            throws Exception {
        var provider = provider(type, environment(variable, folder));

        provider.ask("[{\"Id\":\"e1\",\"Expression\":\"m1\"}]");

        assertThat(byTheInstallation).isNotEmpty().containsOnly(host);
        assertThat(byTheCanary).isNotEmpty().doesNotContain(host);
    }

    private static Map<String, String> environment(String variable, Path folder)
            throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_REGION", "eu-west-1");
        environment.put("AWS_ROLE_ARN", "arn:aws:iam::1:role/serinus");
        environment.put("AZURE_TENANT_ID", "t");
        environment.put("AZURE_CLIENT_ID", "c");
        environment.put("GOOGLE_CLOUD_PROJECT", "lab");
        environment.put(
                variable,
                switch (variable) {
                    case "SERINUS_INSTANCE_CREDENTIALS" -> "true";
                    case "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" -> "/v2/credentials";
                    case "GOOGLE_APPLICATION_CREDENTIALS" -> file(folder, GoogleTokens.KEY);
                    default -> file(folder, "eyJ.proof");
                });
        return environment;
    }

    private static String file(Path folder, String text) throws IOException {
        return Files.writeString(folder.resolve("file"), text).toString();
    }

    private MetricsProvider provider(String type, Map<String, String> environment) {
        String address =
                switch (type) {
                    case "amazonprometheus" ->
                            "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1";
                    default -> "https://a.b.prometheus.monitor.azure.com";
                };
        var settings =
                new ProviderSettings(
                        type, address, Map.of(), Map.of(), false, false, "eu-west-1", "1m");
        Instant now = Instant.parse("2026-03-01T10:00:00Z");
        var context =
                new ProviderContext(
                        settings,
                        answering(byTheCanary),
                        answering(byTheInstallation),
                        kubernetes,
                        _ -> true,
                        () -> now,
                        _ -> {},
                        environment);
        var setup = fresh(type).setUp().apply(context);
        assertThat(setup).isInstanceOf(ProviderSetup.Ready.class);
        return ((ProviderSetup.Ready) setup).provider();
    }

    /** One that has no credentials of another test. */
    private static ProviderType fresh(String type) {
        return switch (type) {
            case "cloudwatch" -> CloudWatch.type();
            case "amazonprometheus" -> AmazonPrometheus.type();
            case "stackdriver" -> Stackdriver.type();
            case "googleprometheus" -> GooglePrometheus.type();
            default -> AzureMonitor.type();
        };
    }
}
