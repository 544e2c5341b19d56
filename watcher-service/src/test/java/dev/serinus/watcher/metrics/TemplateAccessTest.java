package dev.serinus.watcher.metrics;

import static dev.serinus.watcher.Objects.apply;
import static dev.serinus.watcher.Objects.applyCustom;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.MetricTemplateSpec;
import dev.serinus.schemas.canary.NamespacedRef;
import dev.serinus.schemas.canary.ProviderAuth;
import dev.serinus.schemas.canary.SecretRef;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.events.MetricKind;
import dev.serinus.schemas.outgoing.TestAuthority;
import dev.serinus.schemas.outgoing.TlsSettings;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.watcher.Objects;
import dev.serinus.watcher.metrics.Questions.Question;
import dev.serinus.watcher.metrics.provider.Answer;
import dev.serinus.watcher.metrics.provider.Authentication;
import dev.serinus.watcher.metrics.provider.MetricsProvider;
import dev.serinus.watcher.metrics.provider.ProviderHttp;
import dev.serinus.watcher.metrics.provider.ProviderSetup;
import dev.serinus.watcher.metrics.provider.ProviderType;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a Canary can reach with the names and variables it gives, whatever admission said. */
@EnableKubernetesMockClient(crud = true, https = false)
class TemplateAccessTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesMockServer server;

    @SuppressWarnings("NullAway.Init") // the extension sets it
    static KubernetesClient client;

    private final List<String> asked = new ArrayList<>();
    private final List<Authentication> askedAs = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private ProviderHttp turns = AskedCluster.NOBODY;
    private Instant now = NOW;
    private Answer told = Answer.of(NOW.minus(Duration.ofHours(1)), 1);

    @AfterEach
    void reset() {
        server.reset();
    }

    private void template(String namespace, String annotations, String secret, String query) {
        var _ =
                applyCustom(
                        client,
                        ResourceWatch.METRIC_TEMPLATES,
                        """
                        apiVersion: flagger.app/v1beta1
                        kind: MetricTemplate
                        metadata: {name: errors, namespace: %s, annotations: {%s}}
                        spec:
                          provider: {type: recording, secretRef: {name: "%s"}}
                          query: '%s'
                        """
                                .formatted(namespace, annotations, secret, query));
    }

    private static void secret(String namespace) {
        Objects.secret(client, namespace, "keys", "token", "first");
    }

    private Answer ask(boolean noCrossNamespaceRefs, String namespace, String name)
            throws InterruptedException {
        return ask(noCrossNamespaceRefs, namespace, name, Map.of());
    }

    private Answer ask(
            boolean noCrossNamespaceRefs,
            String namespace,
            String name,
            Map<String, String> variables)
            throws InterruptedException {
        var metric =
                CanaryMetric.asked(
                        "errors", null, null, new NamespacedRef(name, namespace), variables);
        return ask(noCrossNamespaceRefs, metric);
    }

    private Answer ask(boolean noCrossNamespaceRefs, CanaryMetric metric)
            throws InterruptedException {
        try (var cluster = cluster(noCrossNamespaceRefs)) {
            return cluster.evaluator()
                    .value(
                            CART,
                            AskedCluster.summary("cart", null, metric, false),
                            new Question(1, metric, MetricKind.TEMPLATE));
        }
    }

    private AskedCluster cluster(boolean noCrossNamespaceRefs) {
        return new AskedCluster(
                client,
                installation(noCrossNamespaceRefs),
                List.of(recording()),
                () -> now,
                AskedCluster.NOBODY,
                turns,
                environment);
    }

    private ProviderType recording() {
        return new ProviderType(
                "recording",
                context ->
                        new ProviderSetup.Ready(
                                new MetricsProvider() {
                                    @Override
                                    public Answer ask(String query) {
                                        asked.add(query);
                                        askedAs.add(context.settings().auth());
                                        return told;
                                    }

                                    @Override
                                    public Answer available() {
                                        return Answer.of(Instant.EPOCH, 1);
                                    }
                                }));
    }

    private static Installation installation(boolean noCrossNamespaceRefs) {
        return new Installation(
                "west",
                null,
                "istio",
                "http://prometheus:9090",
                Duration.ofSeconds(10),
                List.of("app"),
                true,
                List.of(),
                noCrossNamespaceRefs);
    }

    private static String refused(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Misconfigured.class);
        return ((Answer.Misconfigured) answer).because();
    }

    @Test
    void aTemplateOfAnotherNamespaceIsAskedAsInFlagger() throws Exception {
        secret("platform");
        template("platform", "", "keys", "up");

        assertThat(ask(false, "platform", "errors")).isInstanceOf(Answer.Samples.class);
        assertThat(asked).containsExactly("up");
    }

    private static CanaryMetric named(String name) {
        return CanaryMetric.named(name);
    }

    @Test
    void aMetricThatSaysNothingElseMeansTheTemplateOfItsName() throws Exception {
        secret("shop");
        template("shop", "", "keys", "up");

        assertThat(ask(true, named("errors"))).isInstanceOf(Answer.Samples.class);
        assertThat(asked).containsExactly("up");
    }

    @Test
    void aNameThatNoTemplateHasIsTold() throws Exception {
        assertThat(refused(ask(true, named("errors"))))
                .isEqualTo(
                        "Metric query failed for no usable metrics template and query were"
                                + " configured: spec.analysis.metrics[1] has no query and no"
                                + " templateRef, and there is no MetricTemplate errors in namespace"
                                + " shop either");
        assertThat(refused(ask(true, named("error rate"))))
                .isEqualTo(
                        "Metric query failed for no usable metrics template and query were"
                                + " configured: spec.analysis.metrics[1] has no query and no"
                                + " templateRef");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    10m     | NoData[because=the newest value is of 2026-03-01T09:00:00Z, older than maxAge 10m: no values found]
                    2h      | Samples[samples=[Sample[time=2026-03-01T09:00:00Z, value=1.0]], notNumbers=[], series=1, note=]
                    ''      | Samples[samples=[Sample[time=2026-03-01T09:00:00Z, value=1.0]], notNumbers=[], series=1, note=]
                    soon    | Misconfigured[because=Metric template errors.shop error: spec.maxAge is no duration such as 10m]
                    """)
    void aValueThatIsTooOldIsNoData(String maxAge, String expected) throws Exception {
        secret("shop");
        template(
                "shop",
                "",
                "keys",
                maxAge.isEmpty() ? "up'\n  maxAge: null\n  other: '" : "up'\n  maxAge: '" + maxAge);

        assertThat(ask(true, named("errors"))).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    true  | query returned multiple values: 3 series; make one of them in the query
                    false | ''
                    null  | ''
                    """)
    void severalSeriesAreTroubleWhereTheTemplateSaysSo(String one, String because)
            throws Exception {
        secret("shop");
        template("shop", "", "keys", "up'\n  oneSeries: " + one + "\n  other: '");
        told = Answer.ofSeries(3, Answer.of(NOW, 1));

        var answer = ask(true, named("errors"));

        assertThat(answer).isEqualTo(because.isEmpty() ? told : new Answer.Unavailable(because));
    }

    @Test
    void theOnlySeriesIsNoTrouble() throws Exception {
        secret("shop");
        template("shop", "", "keys", "up'\n  oneSeries: true\n  other: '");

        assertThat(ask(true, named("errors"))).isEqualTo(told);
    }

    /** With {@code nan: fail} one of last week would fail each check. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    10m | NoData[because=none]
                    2h  | NoData[because=none, NaN at [2026-03-01T09:00:00Z]]
                    """)
    void aNaNThatIsTooOldIsNone(String maxAge, String expected) throws Exception {
        secret("shop");
        template("shop", "", "keys", "up'\n  maxAge: '" + maxAge);
        told = new Answer.NoData("none", List.of(NOW.minus(Duration.ofHours(1))));

        assertThat(ask(true, named("errors"))).hasToString(expected);
    }

    @Test
    void whereReferencesToOthersAreBlockedThatHoldsWhereTheyAreResolved() throws Exception {
        secret("platform");
        template("platform", "", "keys", "up");
        int before = server.getRequestCount();

        assertThat(refused(ask(true, "platform", "errors")))
                .isEqualTo(
                        "Metric template errors.platform error: can't access metric template"
                                + " errors.platform, cross-namespace references are blocked");
        assertThat(server.getRequestCount()).isEqualTo(before);
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''          | false
                    'other'     | false
                    'shopping'  | false
                    'shop'      | true
                    'a, shop'   | true
                    '*'         | true
                    """)
    void theOwnerOfATemplateMayNameWhoUsesIt(String allowed, boolean usable) throws Exception {
        secret("platform");
        template(
                "platform",
                "serinus.dev/allowed-namespaces: \"%s\"".formatted(allowed),
                "keys",
                "up");

        var answer = ask(false, "platform", "errors");

        if (usable) {
            assertThat(answer).isInstanceOf(Answer.Samples.class);
        } else {
            assertThat(refused(answer))
                    .contains("may not be used by Canaries of namespace shop")
                    .contains("serinus.dev/allowed-namespaces");
        }
    }

    private static void authenticated(String namespace, String provider) {
        var _ =
                applyCustom(
                        client,
                        ResourceWatch.METRIC_TEMPLATES,
                        """
                        apiVersion: flagger.app/v1beta1
                        kind: MetricTemplate
                        metadata: {name: errors, namespace: %s}
                        spec: {provider: {type: recording, %s}, query: up}
                        """
                                .formatted(namespace, provider));
    }

    @Test
    void aTokenIsOneOfTheTemplatesNamespaceAndIsReadEachTime(@TempDir Path directory)
            throws Exception {
        environment.put(TokenFiles.DIRECTORY, directory.toString());
        for (String namespace : List.of("shop", "platform")) {
            Files.writeString(
                    Files.createDirectory(directory.resolve(namespace)).resolve("token"),
                    "of-" + namespace);
        }
        authenticated("platform", "auth: {bearerTokenFile: token}");

        assertThat(ask(false, "platform", "errors")).isInstanceOf(Answer.Samples.class);
        Files.writeString(directory.resolve("platform/token"), "another");
        assertThat(ask(false, "platform", "errors")).isInstanceOf(Answer.Samples.class);

        assertThat(askedAs)
                .containsExactly(
                        Authentication.bearing("of-platform"), Authentication.bearing("another"));
    }

    @Test
    void aTemplateThatBreaksRulesIsToldAllOfThemAndAsksNobody() throws Exception {
        authenticated(
                "shop", "headers: {Authorization: [x]}, auth: {bearerTokenFile: ../platform/t}");

        assertThat(refused(ask(false, "shop", "errors")))
                .startsWith("Metric template errors.shop error: spec.provider.auth.bearerTokenFile")
                .contains("; spec.provider.headers.Authorization says who asks")
                .doesNotContain("platform");
        assertThat(asked).isEmpty();
    }

    @Test
    void aClientsSecretIsOneOfTheTemplatesNamespace() throws Exception {
        authenticated(
                "shop",
                "auth: {oauth2: {tokenUrl: 'http://a/token', clientId: me, secretRef: {name:"
                        + " keys}}}");
        assertThat(refused(ask(false, "shop", "errors")))
                .isEqualTo(
                        "Metric template errors.shop secret keys error: secrets \"keys\" not"
                                + " found");

        secret("shop");
        assertThat(refused(ask(false, "shop", "errors")))
                .isEqualTo(
                        "Metric template errors.shop secret keys error: client_secret is missing or"
                                + " empty, or has a line break in it");
        assertThat(asked).isEmpty();
    }

    private static void certificates(String certificate, String key) {
        var texts = Base64.getEncoder();
        apply(
                client,
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: keys, namespace: shop}
                data: {tls.crt: %s, tls.key: %s, ca.crt: ''}
                """
                        .formatted(
                                texts.encodeToString(certificate.getBytes(UTF_8)),
                                texts.encodeToString(key.getBytes(UTF_8))));
    }

    @Test
    void aCertificateIsReadEachTimeAndOneThatIsNoneIsToldInFull() throws Exception {
        authenticated("shop", "auth: {tls: {secretRef: {name: keys}}}");
        var one = new TestAuthority("lab").vouch("one", "EC");
        var another = new TestAuthority("lab").vouch("another", "RSA");

        certificates(one.certificate(), one.pkcs8());
        assertThat(ask(false, "shop", "errors")).isInstanceOf(Answer.Samples.class);
        certificates(another.certificate(), another.pkcs8());
        assertThat(ask(false, "shop", "errors")).isInstanceOf(Answer.Samples.class);
        assertThat(askedAs.stream().map(Authentication::tls).distinct()).hasSize(2);

        certificates("s3cret", one.pkcs8() + another.pkcs8());
        assertThat(refused(ask(false, "shop", "errors")))
                .isEqualTo(
                        "Metric template errors.shop secret keys error: tls.crt holds no"
                                + " certificate in PEM; secret keys error: tls.key must hold one"
                                + " private key in PEM, and holds 2");
        assertThat(asked).hasSize(2);
    }

    private static void authority(String name, String certificate) {
        Objects.secret(client, "shop", name, "ca.crt", certificate);
    }

    @Test
    void anAuthorityOfASecretOfItsOwnIsTrustedAlone() throws Exception {
        var lab = new TestAuthority("lab");
        var one = lab.vouch("one", "EC");
        certificates(one.certificate(), one.pkcs8());
        authority("authority", lab.certificate());

        authenticated("shop", "auth: {tls: {secretRef: {name: keys}}}");
        assertThat(ask(false, "shop", "errors")).isInstanceOf(Answer.Samples.class);
        authenticated(
                "shop", "auth: {tls: {secretRef: {name: keys}, caSecretRef: {name: authority}}}");
        assertThat(ask(false, "shop", "errors")).isInstanceOf(Answer.Samples.class);

        assertThat(askedAs)
                .extracting(Authentication::tls)
                .doesNotContainNull()
                .doesNotHaveDuplicates()
                .extracting(TlsSettings::namesAuthorities)
                .containsExactly(false, true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    keys      | keys      | secret keys error: ca.crt is missing or empty
                    keys      | nothing   | secret nothing error: secrets "nothing" not found
                    authority | authority | secret authority error: tls.crt and tls.key are missing: name a Secret with ca.crt alone in secretRef, and leave out caSecretRef
                    """)
    void whatPinsNobodyOrProvesNothingIsTold(String secret, String pinned, String because)
            throws Exception {
        var lab = new TestAuthority("lab");
        var one = lab.vouch("one", "EC");
        certificates(one.certificate(), one.pkcs8());
        authority("authority", lab.certificate());
        authenticated(
                "shop",
                "auth: {tls: {secretRef: {name: %s}, caSecretRef: {name: %s}}}"
                        .formatted(secret, pinned));

        assertThat(refused(ask(false, "shop", "errors")))
                .isEqualTo("Metric template errors.shop " + because);
        assertThat(asked).isEmpty();
    }

    /** Reading and parsing counts within the limits of whoever asks. */
    @Test
    void nothingIsReadForWhoeverHasNoTurn() throws Exception {
        secret("shop");
        template("shop", "", "keys", "up");
        turns =
                new ProviderHttp() {
                    @Override
                    public Reply send(Request request) throws NoReply {
                        throw new NoReply("nobody is there");
                    }

                    @Override
                    public <T> T inTurn(Work<T> work) throws NoReply {
                        throw new NoReply("too many calls of namespace shop are under way");
                    }
                };
        int before = server.getRequestCount();

        assertThat(ask(false, "shop", "errors"))
                .isEqualTo(
                        new Answer.Unavailable("too many calls of namespace shop are under way"));
        assertThat(server.getRequestCount()).isEqualTo(before);
    }

    @Test
    void aSecretTakesRoomAsAnAnswerDoes() throws Exception {
        secret("shop");
        template("shop", "", "keys", "up");
        turns =
                new ProviderHttp() {
                    @Override
                    public Reply send(Request request) throws NoReply {
                        throw new NoReply("nobody is there");
                    }

                    @Override
                    public <T> T inTurn(Work<T> work) throws NoReply, InterruptedException {
                        return work.within(4, bytes -> bytes < 5);
                    }
                };

        assertThat(ask(false, "shop", "errors"))
                .isEqualTo(
                        new Answer.Unavailable(
                                "secret keys is too long to be read beside what namespace shop"
                                        + " reads now"));
    }

    /** Of an interval of ten seconds, in which they ask one after the other. */
    @Test
    void fiveHundredCanariesOfATemplateReadItsSecretTwice() throws Exception {
        secret("shop");
        template("shop", "", "keys", "up");
        var metric = named("errors");
        var question = new Question(0, metric, MetricKind.TEMPLATE);
        int canaries = 500;
        int before = server.getRequestCount();

        try (var cluster = cluster(true)) {
            for (int i = 0; i < canaries; i++) {
                var canary = new CanaryKey("west", "shop", "cart-" + i);
                var summary = AskedCluster.summary("cart-" + i, null, metric, false);
                assertThat(cluster.evaluator().value(canary, summary, question))
                        .isInstanceOf(Answer.Samples.class);
                now = now.plusMillis(20);
            }
        }

        int templates = canaries; // nothing watches them here
        int secrets = server.getRequestCount() - before - templates;
        System.out.printf(
                "500 canaries, one template, an interval of 10 s: its Secret is read %d times%n",
                secrets);
        assertThat(secrets).isBetween(2, 3);
    }

    @Test
    void theCertificatesOfOneVersionAreParsedOnce() throws Exception {
        var one = new TestAuthority("lab").vouch("one", "EC");
        try (var cluster = cluster(true)) {
            certificates(one.certificate(), one.pkcs8());
            var first = tls(cluster.settings());
            now = now.plus(Credentials.USED);
            var second = tls(cluster.settings());
            certificates(one.certificate() + "\n", one.pkcs8());
            now = now.plus(Credentials.USED);
            var third = tls(cluster.settings());

            assertThat(second).isSameAs(first);
            assertThat(third).isNotSameAs(first);
        }
    }

    private static @Nullable TlsSettings tls(TemplateSettings settings)
            throws InterruptedException {
        var auth = new ProviderAuth(null, null, new ProviderAuth.Tls(new SecretRef("keys"), null));
        var provider =
                new MetricTemplateSpec.Provider(
                        "prometheus", "https://a", null, null, null, null, auth);
        var found = settings.of(provider, "shop", "1m", _ -> true, 0);
        assertThat(found).isInstanceOf(TemplateSettings.Found.Settings.class);
        return ((TemplateSettings.Found.Settings) found).settings().auth().tls();
    }

    @Test
    void allSecretsAndFilesThatAreNotThereAreToldAtOnce() throws Exception {
        authenticated(
                "shop",
                "secretRef: {name: keys}, auth: {oauth2: {tokenUrl: 'http://a/token', clientId: me,"
                        + " secretRef: {name: login}}}");

        assertThat(refused(ask(false, "shop", "errors")))
                .isEqualTo(
                        "Metric template errors.shop secret keys error: secrets \"keys\" not"
                                + " found; secret login error: secrets \"login\" not found");
    }

    @Test
    void aFileThatIsNotThereIsToldWithTheTemplate() throws Exception {
        authenticated("shop", "auth: {bearerTokenFile: token}");

        assertThat(refused(ask(false, "shop", "errors")))
                .startsWith(
                        "Metric template errors.shop error: spec.provider.auth.bearerTokenFile:"
                                + " this installation has no files of tokens")
                .contains("SERINUS_TOKEN_DIRECTORY");
    }

    @Test
    void theAnnotationKeepsNobodyFromTheTemplatesOfHisOwnNamespace() throws Exception {
        secret("shop");
        template("shop", "serinus.dev/allowed-namespaces: other", "keys", "up");

        assertThat(ask(true, "shop", "errors")).isInstanceOf(Answer.Samples.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../kube-system/secrets/x", "a/b", "a?watch=true", "A"})
    void aNameThatWouldLeadElsewhereIsNeverAskedFor(String name) throws Exception {
        int before = server.getRequestCount();

        assertThat(refused(ask(false, "shop", name))).contains("cannot be a name");
        assertThat(refused(ask(false, name, "errors"))).contains("cannot be a name");
        assertThat(server.getRequestCount()).isEqualTo(before);
    }

    @Test
    void aSecretsNameThatWouldLeadElsewhereIsNeverAskedFor() throws Exception {
        template("shop", "", "../../kube-system/secrets/x", "up");
        int before = server.getRequestCount();

        assertThat(refused(ask(false, "shop", "errors"))).contains("cannot be a name");
        assertThat(server.getRequestCount()).as("for the template").isEqualTo(before + 1);
    }

    @Test
    void aVariableThatIsQuotedStaysWithinItsString() throws Exception {
        secret("platform");
        template(
                "platform",
                "",
                "keys",
                "x{app={{ variables.app | quote }}, path=~{{ variables.path | quoteRegex | quote"
                        + " }}}");

        var answer =
                ask(
                        false,
                        "platform",
                        "errors",
                        Map.of("app", "\"} or vector(0) #", "path", "/a.*"));

        assertThat(answer).isInstanceOf(Answer.Samples.class);
        assertThat(asked)
                .containsExactly("x{app=\"\\\"} or vector(0) #\", path=~\"/a\\\\.\\\\*\"}");
    }
}
