package dev.serinus.schemas.targets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;

class KnativeServiceTest {

    private static final ObjectMapper YAML = new YAMLMapper();

    private static JsonNode tree(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private static KnativeService service(String status) {
        return new KnativeService(
                tree("{metadata: {name: shop, generation: 3}, status: {%s}}".formatted(status)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "observedGeneration: 2 | false",
                "observedGeneration: 3 | true",
                "traffic: [] | true",
                "observedGeneration: 3, conditions: [{type: ConfigurationsReady, status: Unknown,"
                        + " reason: OutOfDate}] | false",
                "observedGeneration: 3, conditions: [{type: ConfigurationsReady, status: 'False',"
                        + " reason: RevisionFailed}] | true"
            })
    void whatSaysNothingOfGenerationsIsTakenAsItIs(String status, boolean observed) {
        assertThat(service(status).isObserved()).isEqualTo(observed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop-00001 |  | shop-00001",
                "shop-00001 | shop-00000 | shop-00001",
                " | shop-00000 | shop-00000",
                " | bcdfghjklm | ",
                " | shop-web-00007 | ",
                " |  | "
            })
    void whatWasPromotedStandsInForAMissingAnnotationUnlessItIsAHashOfFlaggers(
            @Nullable String annotation, @Nullable String promoted, @Nullable String primary) {
        var service =
                new KnativeService(
                        tree(
                                "{metadata: {name: shop, annotations: {%s}}}"
                                        .formatted(
                                                annotation == null
                                                        ? ""
                                                        : KnativeService.PRIMARY_REVISION
                                                                + ": "
                                                                + annotation)));
        assertThat(service.primary(promoted).orElse(null)).isEqualTo(primary);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{latestRevision: true, percent: 100}] | true",
                "[{revisionName: shop-2, percent: 100}] | true",
                "[{revisionName: shop-1, percent: 100}] | false",
                "[{latestRevision: true, percent: 10}, {revisionName: shop-1, percent: 90}] |"
                        + " false",
                "[{latestRevision: true, percent: 100}, {revisionName: shop-1, tag: old}] | true",
                "[] | true"
            })
    void trafficLeadsToARevisionIfNoOtherHasAShare(String traffic, boolean leads) {
        var service = service("latestCreatedRevisionName: shop-2, latestReadyRevisionName: shop-2");

        assertThat(service.leadsTo("shop-2", tree(traffic))).isEqualTo(leads);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "latestCreatedRevisionName: shop-3, latestReadyRevisionName: shop-2",
                "latestCreatedRevisionName: shop-2, latestReadyRevisionName: shop-2,"
                        + " observedGeneration: 2"
            })
    void theLatestRevisionIsAboutToBeAnother(String status) {
        assertThat(
                        service(status)
                                .leadsTo("shop-2", tree("[{latestRevision: true, percent: 100}]")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{revisionName: shop-2, percent: 70} | shop-2 | shop-2 | shop-2",
                "{revisionName: shop-1, percent: 70} | shop-2 | shop-2 | shop-2",
                "{revisionName: shop-1, percent: 70} | shop-3 | shop-2 | shop-1",
                "{revisionName: shop-1, percent: 0} | shop-3 | shop-3 | shop-1",
                "{revisionName: shop-1, tag: old} | shop-3 | shop-3 | shop-2",
                "{latestRevision: true, tag: new} | shop-3 | shop-3 | shop-2"
            })
    void whatIsNamedLastsUntilWhatWasPromotedIsNamedToo(
            String entry, String created, String ready, String lasting) {
        var service =
                new KnativeService(
                        tree(
                                """
                                metadata: {name: shop, annotations: {%s: shop-2}}
                                spec: {traffic: [{latestRevision: true, percent: 30}, %s]}
                                status: {latestCreatedRevisionName: %s, latestReadyRevisionName: %s}
                                """
                                        .formatted(
                                                KnativeService.PRIMARY_REVISION,
                                                entry,
                                                created,
                                                ready)));

        assertThat(service.lasting(null)).hasValue(lasting);
    }

    @Test
    void whatWasSaidOfAnOlderGenerationDoesNotMakeARevisionReady() {
        String revision =
                "{metadata: {generation: %d}, status: {observedGeneration: 1, conditions: [{type:"
                        + " Ready, status: 'True'}]}}";

        assertThat(KnativeService.isReady(tree(revision.formatted(1)))).isTrue();
        assertThat(KnativeService.isReady(tree(revision.formatted(2)))).isFalse();
    }
}
