package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a provider promises besides that asks Azure as a client of Microsoft Entra. */
abstract class AzureContract extends FixedAddressContract {

    private static final String TOKEN = "eyJ0.lab-token";
    private static final String ANSWER =
            "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"%s\"}"
                    .formatted(TOKEN);

    final MetricsServer login = new MetricsServer();
    private final ProviderType type = AzureMonitor.type();
    private final Map<String, String> environment = new HashMap<>();
    private Instant now = NOW;

    /** What tokens are for. */
    abstract String resource();

    @BeforeEach
    void serveTokens() throws IOException {
        login.start();
        login.answer(200, ANSWER);
    }

    @AfterEach
    void stopTokens() {
        login.close();
    }

    @Override
    protected ProviderType type() {
        return type;
    }

    @Override
    protected Instant now() {
        return now;
    }

    @Override
    protected Map<String, String> environment() {
        return environment;
    }

    @Override
    protected Map<String, String> credentials() {
        return Map.of(
                "tenantId",
                "tenant-of-lab",
                "clientId",
                "client-of-lab",
                "clientSecret",
                "s3cret~of.lab");
    }

    @Override
    protected Collection<String> secrets() {
        return List.of("s3cret~of.lab");
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.of(Map.of("tenantId", "tenant-of-lab", "clientId", "client-of-lab"));
    }

    /** Its address chooses among what is fixed; the server of the test is none of these. */
    @Override
    protected ProviderSettings settings(@Nullable String address, Map<String, String> secret) {
        boolean here = address == null || address.startsWith("http://127.0.0.1");
        return super.settings(here ? fixed() : address, secret);
    }

    @Override
    protected String here(String address) {
        return super.here(address)
                .replace("https://login.microsoftonline.com", login.url())
                .replace("http://169.254.169.254", login.url());
    }

    @Override
    @Test
    void anAddressThatIsNoneIsTheManifestsFault() {
        for (String address : List.of("http://a b", "nowhere", "https://thief.example")) {
            assertThat(wrong(settings(address, credentials())))
                    .startsWith(
                            "azuremonitor endpoint must be that of a workspace's queries, such as");
        }
        assertThat(wrong(super.settings(null, credentials())))
                .isEqualTo("azuremonitor endpoint is not set");
    }

    @Override
    @Test
    void theUserOfAnAddressIsNotTold() {
        assertThat(wrong(settings("https://me:pass-of-url@management.azure.com", credentials())))
                .doesNotContain("pass-of-url");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://management.azure.com",
                "https://management.azure.com:8443",
                "https://management.azure.com/subscriptions",
                "https://management.azure.com?x=1",
                "https://management.azure.com.thief.example",
                "https://xprometheus.monitor.azure.com",
                "https://a.prometheus.monitor.azure.com.thief.example",
                "https://a.prometheus.monitor.azure.com@thief.example",
            })
    void aTokenIsShownToAzureAlone(String address) {
        assertThat(wrong(settings(address, credentials())))
                .startsWith("azuremonitor endpoint must be");
    }

    @Test
    void theClientGetsATokenForWhatItAsks() throws Exception {
        value(ask());

        var request = login.requests().getFirst();
        assertThat(request.line()).isEqualTo("POST /tenant-of-lab/oauth2/v2.0/token");
        assertThat(request.body())
                .isEqualTo(
                        "client_id=client-of-lab&client_secret=s3cret~of.lab&grant_type=client_credentials&scope=%s%%2F.default"
                                .formatted(QueryEncoding.encode(resource())));
        assertThat(server.requests().getFirst().headers())
                .containsEntry("Authorization", List.of("Bearer " + TOKEN));
    }

    @Test
    void aTokenIsUsedUntilItIsNotTakenAnyMore() throws Exception {
        ask();
        ask();
        assertThat(login.requests()).hasSize(1);

        server.answer(401, "{}");
        ask();
        server.answer(200, measured(7));

        assertThat(value(ask())).isEqualTo(7);
        assertThat(login.requests()).hasSize(2);
    }

    @Test
    void whyThereIsNoTokenIsToldWithoutTheSecret() throws Exception {
        login.answer(
                401,
                "{\"error\":\"invalid_client\",\"error_description\":\"no s3cret~of.lab here\"}");

        assertThat(assertUnavailable(ask()))
                .startsWith(
                        "Microsoft Entra gave no access token: 401 Unauthorized: invalid_client")
                .doesNotContain("s3cret");
        assertThat(server.requests()).isEmpty();

        login.answer(200, "<html>");
        assertThat(assertUnavailable(ask())).endsWith("its answer has none");
    }

    @Test
    void aTenantCannotLeadElsewhere() {
        var secret = new HashMap<>(credentials());
        secret.put("tenantId", "../x");

        assertThat(wrong(settings(null, secret)))
                .isEqualTo("azuremonitor credentials: tenantId is none");
    }

    @Test
    void withoutASecretTheWorkloadIdentityCounts(@TempDir Path folder) throws Exception {
        assertThat(wrong(settings(null, Map.of())))
                .isEqualTo(
                        "azuremonitor credentials: put tenantId, clientId and clientSecret into the"
                            + " Secret, or give the watcher's service account a workload identity"
                            + " (AZURE_FEDERATED_TOKEN_FILE), or the watcher"
                            + " SERINUS_INSTANCE_CREDENTIALS=true");

        Path file = Files.writeString(folder.resolve("token"), "eyJ.assertion\n");
        environment.put("AZURE_FEDERATED_TOKEN_FILE", file.toString());
        environment.put("AZURE_TENANT_ID", "t-2");
        environment.put("AZURE_CLIENT_ID", "c-2");
        value(provider(settings(null, Map.of())).ask(query()));

        var request = login.requests().getFirst();
        assertThat(request.line()).isEqualTo("POST /t-2/oauth2/v2.0/token");
        assertThat(request.body())
                .startsWith(
                        "client_id=c-2&client_assertion=eyJ.assertion&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&grant_type=client_credentials&scope=");

        environment.put("AZURE_FEDERATED_TOKEN_FILE", folder.resolve("none").toString());
        login.answer(500, "");
        now = now.plus(ShortLived.LEAST);
        server.answer(401, "");
        provider(settings(null, Map.of())).ask(query());
        assertThat(assertUnavailable(provider(settings(null, Map.of())).ask(query())))
                .isEqualTo("the file that AZURE_FEDERATED_TOKEN_FILE names cannot be read");
    }

    /** Its proof goes where it is at home, whatever a template names. */
    @ParameterizedTest
    @CsvSource({
        "'', https://management.chinacloudapi.cn, Azure China, Azure,"
                + " https://login.chinacloudapi.cn",
        "https://login.microsoftonline.com/, https://a.prometheus.monitor.azure.us,"
                + " Azure Government, Azure, https://login.microsoftonline.us",
        "https://login.chinacloudapi.cn, https://management.azure.com, Azure, Azure China,"
                + " https://login.microsoftonline.com",
    })
    void noOtherCloudIsShownWhoTheInstallationIs(
            String authority, String address, String asked, String own, String login) {
        environment.put("SERINUS_INSTANCE_CREDENTIALS", "true");
        environment.put("AZURE_AUTHORITY_HOST", authority);

        assertThat(wrong(settings(address, Map.of())))
                .isEqualTo(
                        "spec.provider.address: is in %s, and the installation's own identity is of %s and shown nowhere else: name a client of %s in a Secret, or give the watcher AZURE_AUTHORITY_HOST=%s and an identity there"
                                .formatted(asked, own, asked, login));
        assertThat(made(settings(address, credentials()), server.http())).isNotNull();
    }

    @Test
    void whereTheInstallationIsMustBeACloud() {
        environment.put("SERINUS_INSTANCE_CREDENTIALS", "true");
        environment.put("AZURE_AUTHORITY_HOST", "https://thief.example");

        assertThat(wrong(settings(null, Map.of())))
                .isEqualTo(
                        "AZURE_AUTHORITY_HOST of the watcher must be"
                                + " https://login.microsoftonline.com or"
                                + " https://login.microsoftonline.us or"
                                + " https://login.chinacloudapi.cn");
    }

    @Test
    void theInstanceIsAskedOnlyWhereTheInstallationSaysSo() throws Exception {
        environment.put("SERINUS_INSTANCE_CREDENTIALS", "true");

        value(provider(settings(null, Map.of())).ask(query()));

        var request = login.requests().getFirst();
        assertThat(request.line())
                .isEqualTo(
                        "GET /metadata/identity/oauth2/token?api-version=2018-02-01&resource="
                                + QueryEncoding.encode(resource()));
        assertThat(request.headers()).containsEntry("Metadata", List.of("true"));
    }
}
