package dev.serinus.router.release;

import dev.serinus.router.objects.Cluster;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.Primaries;
import dev.serinus.router.workload.PromotedTemplates;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Installation;

/** Finds the sides of a Canary's target. */
public final class Releases {

    private final Sides workloads;
    private final Sides services;
    private final Sides knative;

    public Releases(
            Cluster cluster, Installation installation, Services services, Primaries primaries) {
        this.workloads = new WorkloadSides(services, primaries);
        this.services = new ServiceSides(cluster, installation, new PromotedTemplates(cluster));
        this.knative = new KnativeSides(cluster);
    }

    /** Those of a Canary; a target that cannot be released is refused as invalid. */
    public Sides of(Canary canary) {
        return switch (ReleaseTargets.of(canary.getSpec().targetRef()).target()) {
            case DEPLOYMENT, DAEMON_SET -> workloads;
            case SERVICE -> services;
            case KNATIVE_SERVICE -> knative;
        };
    }
}
