package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Manifests;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class TemplateRulesTest {

    private static final List<String> ALL_WRONG =
            List.of(
                    "auth: {}",
                    "address: 'http://me:pw@a', headers: {authorization: [x]}, auth:"
                            + " {bearerTokenFile: ../x}",
                    "auth: {bearerTokenFile: x, oauth2: {tokenUrl: 'ftp://me:pw@login', clientId:"
                            + " '', scopes: [fine, not fine], endpointParams: {audience: a, scope:"
                            + " b}, clientAuthentication: jwt, secretRef: {name: s}}}",
                    "address: 'http://a', auth: {tls: {secretRef: {name: s}}, oauth2: {tokenUrl:"
                            + " 'http://l', clientId: a, tls: {secretRef: {name: s}}, secretRef:"
                            + " {name: s}}}",
                    "address: 'https://a', insecureSkipVerify: true, auth: {tls: {secretRef: {name:"
                            + " s}, caSecretRef: {name: c}}}");

    private static List<String> problems(String provider) {
        var template =
                CanaryReader.readMetricTemplate(
                                Manifests.yaml(
                                        "{metadata: {name: a}, spec: {query: q, provider: {type:"
                                                + " prometheus, %s}}}".formatted(provider)))
                        .resource();
        return Admissions.problems(template.getSpec()).stream()
                .map(problem -> problem.getPath() + ": " + problem.getMessage())
                .toList();
    }

    @Test
    void everyRuleIsInTheDocumentation() throws IOException {
        var documentation = Files.readString(Path.of("CANARY.md"));

        assertThat(ALL_WRONG)
                .flatExtracting(TemplateRulesTest::problems)
                .map(problem -> problem.substring(0, problem.indexOf(':')))
                .map(path -> path.replaceAll("\\[\\d+]", "[]").replace("Params.scope", "Params"))
                .allSatisfy(path -> assertThat(documentation).contains("`" + path + "`"));
    }

    @Test
    void aTemplateOfFlaggersHasNoProblem() {
        assertThat(problems("address: 'http://me:pw@a', headers: {Authorization: [x]}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "token, true",
        "prometheus/token, true",
        "a/b/c_d-e.f, true",
        "'', false",
        "/token, false",
        "token/, false",
        "a//b, false",
        "../shop/token, false",
        "a/../../b, false",
        "..data/token, false",
        "'a b', false"
    })
    void aFileIsNamedWithoutAWayOut(String name, boolean fine) {
        assertThat(problems("auth: {bearerTokenFile: '%s'}".formatted(name)).isEmpty())
                .isEqualTo(fine);
    }

    @Test
    void whoeverAsksIsSaidOnceAndAllThatIsWrongAtOnce() {
        assertThat(problems(ALL_WRONG.get(1)))
                .containsExactly(
                        "spec.provider.auth.bearerTokenFile: must be the name of a file such as"
                                + " prometheus/token, without parts that are empty or begin with a"
                                + " dot",
                        "spec.provider.headers.Authorization: says who asks, and so does auth:"
                                + " leave one of them",
                        "spec.provider.address: names a user, and auth says who asks: leave one of"
                                + " them");
        assertThat(problems("auth: {}"))
                .containsExactly(
                        "spec.provider.auth: must say who asks: give bearerTokenFile, oauth2 or"
                                + " tls");
    }

    @Test
    void tlsNeedsAnAddressOfHttps() {
        assertThat(
                        problems(
                                "address: 'https://a', auth: {tls: {secretRef: {name: s}}, oauth2:"
                                        + " {tokenUrl: 'https://l', clientId: a, tls: {secretRef:"
                                        + " {name: s}}, secretRef: {name: s}}}"))
                .isEmpty();
        assertThat(problems(ALL_WRONG.get(3)))
                .containsExactly(
                        "spec.provider.auth.oauth2.tls: has no effect, since the address is http:"
                                + " it must be https",
                        "spec.provider.auth.tls: has no effect, since the address is http: it must"
                                + " be https");
    }

    @Test
    void nobodyTrustsAnybodyAndSomebodyAlone() {
        String pinned = "auth: {tls: {secretRef: {name: s}, caSecretRef: {name: c}}}";

        assertThat(problems("address: 'https://a', " + pinned)).isEmpty();
        assertThat(problems("address: 'https://a', insecureSkipVerify: true, " + pinned))
                .containsExactly(
                        "spec.provider.insecureSkipVerify: trusts anybody, and"
                                + " auth.tls.caSecretRef says whom to trust: leave one of them");
    }

    @Test
    void aClientOfOAuth2IsSaidInFull() {
        assertThat(
                        problems(
                                "address: 'http://a', auth: {oauth2: {tokenUrl:"
                                        + " 'https://login/token', clientId: me, scopes:"
                                        + " [metrics.read, 'https://a/.default'], endpointParams:"
                                        + " {audience: a}, clientAuthentication: post, secretRef:"
                                        + " {name: s}}}"))
                .isEmpty();
        assertThat(problems(ALL_WRONG.get(2)))
                .containsExactly(
                        "spec.provider.auth: says twice who asks, by bearerTokenFile and by oauth2:"
                                + " leave one of them",
                        "spec.provider.auth.oauth2.tokenUrl: must begin with http:// or https://"
                                + " and a host",
                        "spec.provider.auth.oauth2.tokenUrl: names a user, and clientId says who"
                                + " asks: leave out the user",
                        "spec.provider.auth.oauth2.clientId: must not be empty",
                        "spec.provider.auth.oauth2.scopes[1]: must be one word, of what RFC 6749"
                                + " allows in a scope",
                        "spec.provider.auth.oauth2.endpointParams.scope: is said by the other"
                                + " fields of oauth2: leave it out",
                        "spec.provider.auth.oauth2.clientAuthentication: must be one of basic,"
                                + " post");
    }

    @Test
    void whatIsTooLongIsToldWithItsLengthAndLimit() {
        assertThat(
                        problems(
                                "address: 'https://a/%s', auth: {oauth2: {tokenUrl: 'https://l/%s', clientId: %s, scopes: [%s], endpointParams: {%s}, secretRef: {name: s}}}"
                                        .formatted(
                                                "x".repeat(2048),
                                                "x".repeat(2048),
                                                "x".repeat(1025),
                                                "x".repeat(1025),
                                                IntStream.range(0, 51)
                                                        .mapToObj(i -> "p%d: v".formatted(i))
                                                        .collect(Collectors.joining(", ")))))
                .containsExactly(
                        "spec.provider.auth.oauth2.tokenUrl: has 2058 characters, more than 2048",
                        "spec.provider.auth.oauth2.clientId: has 1025 characters, more than 1024",
                        "spec.provider.auth.oauth2.scopes[0]: has 1025 characters, more than 1024",
                        "spec.provider.auth.oauth2.endpointParams: has 51, more than 50",
                        "spec.provider.address: has 2058 characters, more than 2048");
        assertThat(problems("address: 'https://a/%s'".formatted("x".repeat(9000)))).isEmpty();
    }

    @Test
    void wrongScopesAreNoMoreProblemsThanSomebodyReads() {
        assertThat(
                        problems(
                                "address: 'https://a', auth: {oauth2: {tokenUrl: 'https://login',"
                                        + " clientId: me, scopes: [%s], secretRef: {name: s}}}"
                                                .formatted("'',".repeat(20_000))))
                .hasSize(51)
                .contains("spec.provider.auth.oauth2.scopes: has 20000, more than 50");
    }
}
