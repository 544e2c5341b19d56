package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What an API server says to MetricTemplates when they are written. */
@OnTestBed
class MetricTemplateIT {

    private static final Path EXAMPLES =
            Path.of(
                            System.getProperty("serinus.root"),
                            "schemas/src/test/resources/dev/serinus/schemas/canary")
                    .normalize();

    private final TestBed bed;

    MetricTemplateIT(TestBed bed) {
        this.bed = bed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"metric-template.yaml", "metric-template-oauth2.yaml"})
    void everyFieldOfTheExamplesIsKept(String example) throws IOException {
        var object = read(Files.readString(EXAMPLES.resolve(example)));

        assertThat(new ObjectMapper().readTree(created(object)).path("spec"))
                .isEqualTo(object.path("spec"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    type: keptn, auth: {bearerTokenFile: a}        | auth has no effect here, since such a provider is asked with an identity of its own
                    type: prometheus, auth: {bearerTokenFile: ../a} | spec.provider.auth.bearerTokenFile
                    type: prometheus, auth: {bearerTokenFile: a, oauth2: {tokenUrl: u, clientId: i, secretRef: {name: s}}} | at most one of bearerTokenFile, oauth2 has to be set
                    type: prometheus, auth: {oauth2: {tokenUrl: u, clientId: i, clientAuthentication: jwt, secretRef: {name: s}}} | spec.provider.auth.oauth2.clientAuthentication
                    type: prometheus, auth: {oauth2: {tokenUrl: u, clientId: i}} | spec.provider.auth.oauth2.secretRef: Required value
                    """)
    void twoAnswersToWhoAsksAreRefusedInASentence(String provider, String sentence) {
        var object =
                read(
                        """
                        apiVersion: flagger.app/v1beta1
                        kind: MetricTemplate
                        metadata: {name: errors}
                        spec: {query: up, provider: {%s}}
                        """
                                .formatted(provider));

        assertThatThrownBy(() -> created(object))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void anAddressIsShortWhereAuthGoesWithIt() {
        String template =
                """
                apiVersion: flagger.app/v1beta1
                kind: MetricTemplate
                metadata: {name: errors}
                spec: {query: up, provider: {type: prometheus, address: 'http://a/%s'%s}}
                """;
        String path = "x".repeat(2048);

        assertThatThrownBy(
                        () ->
                                created(
                                        read(
                                                template.formatted(
                                                        path, ", auth: {bearerTokenFile: a}"))))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("address must have 2048 characters at most beside auth");
        assertThat(created(read(template.formatted(path, "")))).contains(path);
    }

    private static ObjectNode read(String yaml) {
        return new KubernetesSerialization().unmarshal(yaml, ObjectNode.class);
    }

    /** As the server would store it, were it not asked to only say so. */
    private String created(ObjectNode object) {
        object.withObjectProperty("metadata").put("namespace", bed.namespace());
        return bed.admin()
                .raw(
                        "/apis/flagger.app/v1beta1/namespaces/%s/metrictemplates?dryRun=All&fieldValidation=Strict"
                                .formatted(bed.namespace()),
                        "POST",
                        object.toString());
    }
}
