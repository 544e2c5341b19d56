package dev.serinus.router.route.istio;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class IstioNamedAheadTest {

    private static JsonNode yaml(String text) throws IOException {
        return new YAMLMapper().readTree(text);
    }

    private static JsonNode naming(String leading, String other) throws IOException {
        return IstioRoutes.NAMED_AHEAD.getFirst().naming(yaml(leading), yaml(other)).orElseThrow();
    }

    @Test
    void whoeverIsAloneGoesOnToGetEverything() throws IOException {
        assertThat(
                        naming(
                                "http: [{route: [{destination: {host: a}}]}]",
                                "http: [{route: [{destination: {host: b}, weight: 100}]}]"))
                .as("weights that are all 0 are refused")
                .isEqualTo(
                        yaml(
                                "http: [{route: [{destination: {host: a}, weight: 100},"
                                        + " {destination: {host: b}, weight: 0}]}]"));
    }

    @Test
    void aSubsetIsABackendOfItsOwn() throws IOException {
        assertThat(
                        naming(
                                "http: [{route: [{destination: {host: a}, weight: 100}]}]",
                                "http: [{route: [{destination: {host: a, subset: v1}}]}]"))
                .isEqualTo(
                        yaml(
                                "http: [{route: [{destination: {host: a}, weight: 100},"
                                        + " {destination: {host: a, subset: v1}, weight: 0}]}]"));
    }

    @Test
    void whatSendsNobodyToABackendStaysAsItIs() throws IOException {
        String redirect = "{match: [{uri: {prefix: /old}}], redirect: {uri: /new}}";
        assertThat(
                        naming(
                                "http: [%s, {route: [{destination: {host: a}, weight: 1}]}]"
                                        .formatted(redirect),
                                "http: [%s, {route: [{destination: {host: b}}]}]"
                                        .formatted(redirect)))
                .isEqualTo(
                        yaml(
                                "http: [%s, {route: [{destination: {host: a}, weight: 1},"
                                                .formatted(redirect)
                                        + " {destination: {host: b}, weight: 0}]}]"));
    }
}
