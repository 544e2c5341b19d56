package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;

import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.mesh.Meshes;

import java.util.Set;

/** Rules for what is released: provider, target, autoscaler, deadline. */
final class TargetRules {
    private TargetRules() {}

    static void check(Subject subject, Findings findings) {
        var spec = subject.spec();
        provider(subject, findings);
        var target = spec.targetRef();
        findings.unlessOneOf(
                Set.of("DaemonSet", "Deployment", "Service"), target.kind(), "spec.targetRef.kind");
        findings.when(target.name().isEmpty(), "spec.targetRef.name", "must not be empty");
        knative(subject, findings);
        autoscaler(subject, findings);
        findings.when(
                spec.progressDeadlineSeconds() != null && spec.progressDeadlineSeconds() <= 0,
                "spec.progressDeadlineSeconds",
                "must be above 0, or every release would miss its deadline at once; leave it out"
                        + " for 600");
    }

    private static void provider(Subject subject, Findings findings) {
        var own = subject.spec().provider();
        var provider = subject.provider();
        findings.unlessOneOf(Set.copyOf(Meshes.providers()), own, "spec.provider");
        findings.when(
                Meshes.find(provider).filter(mesh -> !mesh.isServed()).isPresent(),
                "spec.provider",
                provider
                        + (given(own) ? "" : " (the installation's)")
                        + " is not served by this version; use one of "
                        + String.join(", ", Meshes.servedProviders()));
    }

    private static void knative(Subject subject, Findings findings) {
        var spec = subject.spec();
        // As in Flagger the installation's provider does not count: only spec.provider names
        // Knative.
        var named = Knative.MESH.provider().equals(spec.provider());
        findings.when(
                subject.targetsKnative() && !named,
                "spec.provider",
                "can't use "
                        + spec.provider()
                        + " provider with Knative Service as target; set provider: knative");
        findings.when(
                named && !subject.targetsKnative(),
                "spec.targetRef",
                "can't use "
                        + spec.targetRef().apiVersion()
                        + "/"
                        + spec.targetRef().kind()
                        + " as target if provider is set to knative; name a Service of "
                        + Subject.KNATIVE_API);
        findings.when(
                subject.targetsKnative() && spec.autoscalerRef() != null,
                "spec.autoscalerRef",
                "can't use autoscaler with Knative Service; leave it out");
    }

    private static void autoscaler(Subject subject, Findings findings) {
        var scaler = subject.spec().autoscalerRef();
        if (scaler == null) {
            return;
        }
        findings.unlessOneOf(
                Set.of("HorizontalPodAutoscaler", "ScaledObject"),
                scaler.kind(),
                "spec.autoscalerRef.kind");
        findings.when(!given(scaler.name()), "spec.autoscalerRef.name", "must not be empty");
        var replicas = scaler.primaryScalerReplicas();
        findings.when(
                replicas != null
                        && replicas.minReplicas() != null
                        && replicas.maxReplicas() != null
                        && replicas.minReplicas() > replicas.maxReplicas(),
                "spec.autoscalerRef.primaryScalerReplicas",
                "minReplicas must not be above maxReplicas");
    }
}
