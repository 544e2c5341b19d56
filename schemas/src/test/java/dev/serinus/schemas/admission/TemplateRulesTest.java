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

class TemplateRulesTest {

    private static final List<String> ALL_WRONG =
            List.of(
                    "auth: {}",
                    "address: 'http://me:pw@a', headers: {authorization: [x]}, auth:"
                            + " {bearerTokenFile: ../x}");

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
                        "spec.provider.headers.Authorization: says who asks, and so does"
                                + " auth.bearerTokenFile: leave one of them",
                        "spec.provider.address: names a user, and auth.bearerTokenFile says who"
                                + " asks: leave one of them");
        assertThat(problems("auth: {}"))
                .containsExactly("spec.provider.auth: must say who asks: give bearerTokenFile");
    }
}
