package dev.serinus.cli.manifest;

import dev.serinus.cli.LabelOptions;
import dev.serinus.cli.MeshProviders;
import dev.serinus.cli.Refused;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.mesh.Meshes;

import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is to be known of an installation before a manifest can be judged, as run is given it. */
final class InstallationOptions {

    @Option(
            names = "--mesh-provider",
            paramLabel = "NAME",
            description = "Mesh or ingress of Canaries that name none (default: istio).")
    private String meshProvider = Meshes.DEFAULT;

    @Option(
            names = "--min-interval",
            paramLabel = "DURATION",
            description = "Shorter intervals are raised to this (default: 10s).")
    private String minInterval = "10s";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "Namespace of resources that name none (default: default).")
    private String namespace = "default";

    @Option(
            names = "--no-cross-namespace-refs",
            arity = "0..1",
            fallbackValue = "true",
            description = "References to other namespaces are refused.")
    private boolean noCrossNamespaceRefs;

    String namespace() {
        return namespace;
    }

    /**
     * The usual one with the labels that count; its name counts only where Canaries name those of
     * other clusters.
     */
    Installation withLabels(LabelOptions labels) {
        return withLabels(Installation.named("plan").cluster(), labels);
    }

    /** The same of a cluster. */
    Installation withLabels(String cluster, LabelOptions labels) {
        var usual = installation(cluster);
        return new Installation(
                usual.cluster(),
                usual.namespace(),
                usual.meshProvider(),
                usual.metricsServer(),
                usual.minInterval(),
                labels.selectorLabels(),
                usual.configTracking(),
                labels.includeLabelPrefixes(),
                usual.noCrossNamespaceRefs());
    }

    Installation installation(String cluster) {
        List<String> wrong = new ArrayList<>();
        MeshProviders.check(meshProvider, wrong);
        Duration least = Durations.parse(minInterval).orElse(Duration.ZERO);
        if (!least.isPositive()) {
            wrong.add("--min-interval must be a duration such as 10s; found '" + minInterval + "'");
        }
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
        var usual = Installation.named("plan");
        return new Installation(
                cluster,
                null,
                meshProvider,
                usual.metricsServer(),
                least,
                usual.selectorLabels(),
                usual.configTracking(),
                usual.includeLabelPrefixes(),
                noCrossNamespaceRefs);
    }
}
