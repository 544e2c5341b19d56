package dev.serinus.schemas.targets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;

class ReleasedServiceTest {

    private static final ObjectMapper YAML = new YAMLMapper();

    private static JsonNode spec(String yaml) {
        try {
            return YAML.readTree("{" + yaml + "}");
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "selector: {v: '1'} | selector: {v: '2'} | false",
                "ports: [{port: 80}] | ports: [{port: 81}] | false",
                "type: ExternalName, externalName: a | type: ExternalName, externalName: b | false",
                "clusterIP: None | clusterIP: 10.0.0.1 | false",
                "clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1] | clusterIP: 10.0.0.2, clusterIPs:"
                        + " [10.0.0.2] | true",
                "ports: [{port: 80, nodePort: 30000}] | ports: [{port: 80}] | true",
                "type: LoadBalancer, loadBalancerIP: 1.2.3.4 | type: ClusterIP | true",
                "ipFamilies: [IPv4], ipFamilyPolicy: SingleStack | | true"
            })
    void whereItLeadsIsARevisionAndItsAddressesAreNot(String one, String other, boolean same) {
        String revision = ReleasedService.revision(spec(other == null ? "" : other));

        assertThat(ReleasedService.revision(spec(one)).equals(revision)).isEqualTo(same);
    }

    @Test
    void contentComesIntoAnObjectThatKeepsItsAddressesAndFieldsThatNobodyKnows() {
        var live =
                spec(
                        "type: LoadBalancer, clusterIP: 10.0.0.1, selector: {v: '1'},"
                            + " sessionAffinity: ClientIP, ports: [{name: http, port: 80, nodePort:"
                            + " 30000}]");
        var content =
                ReleasedService.content(
                        spec(
                                "clusterIP: 10.0.0.2, selector: {v: '2'}, futures: 1, ports:"
                                        + " [{name: http, port: 81, nodePort: 30001}]"));

        assertThat(ReleasedService.with(live, content))
                .isEqualTo(
                        spec(
                                "type: LoadBalancer, clusterIP: 10.0.0.1, selector: {v: '2'},"
                                        + " futures: 1, ports: [{name: http, port: 81, nodePort:"
                                        + " 30000}]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"clusterIP: 10.0.0.1 | clusterIP: None", "clusterIP: None | ''"})
    void anObjectThatHasAnAddressKeepsItSinceNoServerTakesAnother(String live, String content) {
        assertThat(
                        ReleasedService.with(spec(live), ReleasedService.content(spec(content)))
                                .path("clusterIP"))
                .isEqualTo(spec(live).path("clusterIP"));
    }
}
