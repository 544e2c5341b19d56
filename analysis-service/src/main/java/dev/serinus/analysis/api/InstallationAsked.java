package dev.serinus.analysis.api;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.mesh.Meshes;

import io.micronaut.core.annotation.Introspected;
import io.micronaut.http.annotation.QueryValue;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is to be known of an installation before a manifest can be judged. All of it may be left
 * out: each cluster may be run otherwise, and the hub does not know how.
 *
 * @param cluster counts where Canaries name those of other clusters
 * @param namespace of resources that name none
 * @param meshProvider of Canaries that name none
 * @param minInterval shorter intervals are raised to this, such as {@code 10s}
 * @param selectorLabels by which workloads are told apart, with commas between them
 */
@Introspected
record InstallationAsked(
        @QueryValue @Nullable String cluster,
        @QueryValue @Nullable String namespace,
        @QueryValue @Nullable String meshProvider,
        @QueryValue @Nullable String minInterval,
        @QueryValue @Nullable String selectorLabels) {

    private static final String NAME = "plan";
    private static final Pattern LABELS =
            Pattern.compile("[A-Za-z0-9._/-]{1,317}(,[A-Za-z0-9._/-]{1,317}){0,19}");
    private static final Duration USUAL = Duration.ofSeconds(10);

    /** All that is wrong with it. */
    List<String> mistakes() {
        List<String> wrong = new ArrayList<>();
        if (cluster != null && !ObjectNames.isName(cluster)) {
            wrong.add("cluster must be a name, was '%s'".formatted(cluster));
        }
        if (namespace != null && !ObjectNames.isNamespace(namespace)) {
            wrong.add("namespace must be a name, was '%s'".formatted(namespace));
        }
        if (meshProvider != null && !Meshes.servedProviders().contains(meshProvider)) {
            wrong.add(
                    "meshProvider must be one of %s, was '%s'"
                            .formatted(String.join(", ", Meshes.servedProviders()), meshProvider));
        }
        if (minInterval != null
                && Durations.parse(minInterval).filter(Duration::isPositive).isEmpty()) {
            wrong.add(
                    "minInterval must be a duration such as 10s, was '%s'".formatted(minInterval));
        }
        if (selectorLabels != null && !LABELS.matcher(selectorLabels).matches()) {
            wrong.add("selectorLabels must be names of labels with commas between them");
        }
        return wrong;
    }

    String clusterOfOthers() {
        return cluster == null ? NAME : cluster;
    }

    String namespaceOfOthers() {
        return namespace == null ? "default" : namespace;
    }

    /** Once nothing is wrong with it. */
    Installation installation() {
        var usual = Installation.named(clusterOfOthers());
        return new Installation(
                usual.cluster(),
                null,
                meshProvider == null ? Meshes.DEFAULT : meshProvider,
                usual.metricsServer(),
                minInterval == null ? USUAL : Durations.parse(minInterval).orElse(USUAL),
                selectorLabels == null
                        ? usual.selectorLabels()
                        : List.of(selectorLabels.split(",")),
                usual.configTracking(),
                usual.includeLabelPrefixes(),
                usual.noCrossNamespaceRefs());
    }
}
