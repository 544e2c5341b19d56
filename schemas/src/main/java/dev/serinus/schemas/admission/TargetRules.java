package dev.serinus.schemas.admission;

import static dev.serinus.schemas.admission.Subject.given;

import dev.serinus.schemas.canary.ObjectRef;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;
import dev.serinus.schemas.mesh.Requirement;
import dev.serinus.schemas.targets.TargetKind;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Rules for what is released: provider, target, autoscaler, deadline. */
final class TargetRules {
    /** What people ask for, why it cannot be, and what to do. */
    private static final Map<String, String> INSTEAD =
            Map.of(
                    "StatefulSet",
                    ": a StatefulSet's pods have names and volumes that a copy of it could not"
                        + " share; release a Deployment in front of it, or two StatefulSets of your"
                        + " own by a Service that selects one of them (targetRef of kind Service)",
                    "ReplicaSet",
                    ": a ReplicaSet does not replace its pods when its template changes; use the"
                            + " Deployment that it belongs to",
                    "CloneSet",
                    ": OpenKruise's CloneSet rolls out by itself; use a Deployment, or two"
                            + " CloneSets and a Service that selects one of them (targetRef of kind"
                            + " Service)",
                    "Rollout",
                    ": Argo's Rollout releases step by step itself; use the Deployment that its"
                            + " workloadRef names, or a Service that selects its pods (targetRef of"
                            + " kind Service), and only one of both controllers",
                    "Job",
                    ": a Job serves no requests",
                    "CronJob",
                    ": a CronJob serves no requests",
                    "Pod",
                    ": a Pod cannot be copied with another image; use a Deployment");

    private TargetRules() {}

    static void check(Subject subject, Findings findings) {
        var spec = subject.spec();
        provider(subject, findings);
        var target = spec.targetRef();
        kind(target, findings);
        findings.when(target.name().isEmpty(), "spec.targetRef.name", "must not be empty");
        knative(subject, findings);
        service(subject, findings);
        autoscaler(subject, findings);
        findings.when(
                spec.progressDeadlineSeconds() != null && spec.progressDeadlineSeconds() <= 0,
                "spec.progressDeadlineSeconds",
                "must be above 0, or every release would miss its deadline at once; leave it out"
                        + " for 600");
    }

    private static void provider(Subject subject, Findings findings) {
        var own = subject.spec().provider();
        var provider = subject.named();
        findings.when(
                given(own) && !Meshes.providers().contains(own),
                "spec.provider",
                "must be one of "
                        + String.join(", ", Meshes.providers())
                        + Meshes.nearest(provider)
                                .map(it -> "; perhaps %s is meant".formatted(it))
                                .orElse(""));
        findings.when(
                Meshes.find(provider).filter(mesh -> !mesh.isServed()).isPresent(),
                "spec.provider",
                provider
                        + (given(own) ? "" : " (the installation's)")
                        + " is not served by this version; use one of "
                        + String.join(", ", Meshes.servedProviders()));
    }

    /** What cannot be released is told from a typing error: people ask for these. */
    private static void kind(ObjectRef target, Findings findings) {
        findings.when(
                !target.kind().isEmpty() && TargetKind.of(target).isEmpty(),
                "spec.targetRef.kind",
                "must be one of "
                        + String.join(", ", TargetKind.words())
                        + INSTEAD.getOrDefault(target.kind(), ""));
    }

    private static void knative(Subject subject, Findings findings) {
        var target = subject.spec().targetRef();
        var knative = subject.targets(TargetKind.KNATIVE_SERVICE);
        var version = TargetKind.KNATIVE_SERVICE.apiVersion();
        findings.when(
                knative && !version.equals(target.apiVersion()),
                "spec.targetRef.apiVersion",
                "must be " + version + " for a Knative Service, was " + target.apiVersion());
        findings.when(
                knative && !Meshes.of(subject.named()).needs(Requirement.TARGET),
                "spec.provider",
                "can't use "
                        + subject.named()
                        + " provider with Knative Service as target; set provider: "
                        + Knative.MESH.provider());
        findings.when(
                !knative && Meshes.of(subject.named()).needs(Requirement.TARGET),
                "spec.targetRef",
                "can't use "
                        + target.apiVersion()
                        + "/"
                        + target.kind()
                        + " as target if provider is set to "
                        + subject.provider()
                        + "; name a Service of "
                        + version);
        findings.when(
                knative && subject.spec().autoscalerRef() != null,
                "spec.autoscalerRef",
                "can't use autoscaler with Knative Service; leave it out");
    }

    private static void service(Subject subject, Findings findings) {
        if (!subject.targets(TargetKind.SERVICE)) {
            return;
        }
        var spec = subject.spec();
        findings.when(
                subject.mesh().needs(Requirement.WORKLOAD),
                "spec.targetRef.kind",
                "can't be Service with provider %s: requests that the canary does not get stay with Service %s, which shows the new version, so that everybody meets it at once; name the Deployment or DaemonSet, or use one of %s"
                        .formatted(subject.provider(), spec.targetRef().name(), sharing()));
        findings.when(
                spec.autoscalerRef() != null,
                "spec.autoscalerRef",
                "a Service has no pods of its own to scale; leave it out");
        findings.when(
                !subject.canary().apex().equals(spec.targetRef().name()),
                "spec.service.name",
                "must be the target's name or be left out: the copies of Service "
                        + spec.targetRef().name()
                        + " are called after it, and routes would lead to others");
    }

    /** Providers whose routes lead to both copies of a Service. */
    private static String sharing() {
        return Meshes.all().stream()
                .filter(mesh -> mesh.isServed() && mesh.hasRoutes())
                .filter(
                        mesh ->
                                !mesh.needs(Requirement.WORKLOAD)
                                        && !mesh.needs(Requirement.TARGET))
                .map(Mesh::provider)
                .collect(Collectors.joining(", "));
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
