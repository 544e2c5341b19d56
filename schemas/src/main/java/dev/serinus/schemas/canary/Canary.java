package dev.serinus.schemas.canary;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A Canary: which workload is released how, and what must hold meanwhile. */
@Group("flagger.app")
@Version("v1beta1")
@Kind("Canary")
@Plural("canaries")
@Singular("canary")
public class Canary extends CustomResource<CanarySpec, CanaryStatus> implements Namespaced {

    private static final long serialVersionUID = 1L;

    /** Name of the apex service: spec.service.name, else the target's. */
    public String apex() {
        var service = getSpec().service();
        return service == null || service.name() == null || service.name().isEmpty()
                ? getSpec().targetRef().name()
                : service.name();
    }
}
