package dev.serinus.schemas.canary;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.node.ObjectNode;

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
@JsonDeserialize(using = ResourceReader.Canaries.class)
public class Canary extends FlaggerResource<CanarySpec, CanaryStatus> {

    private static final long serialVersionUID = 1L;

    /** True when a run of it has a third workload that the canary is compared with. */
    public boolean hasBaseline() {
        var spec = getSpec();
        return spec != null && Boolean.TRUE.equals(spec.analysis().baseline());
    }

    /** Name of the apex service: spec.service.name, else the target's. */
    public String apex() {
        var service = getSpec().service();
        return service == null || service.name() == null || service.name().isEmpty()
                ? getSpec().targetRef().name()
                : service.name();
    }

    /** The same Canary with another name of the apex service. */
    public Canary called(String apex) {
        ObjectNode tree = ResourceReader.MAPPER.valueToTree(this);
        tree.withObjectProperty("spec").withObjectProperty("service").put("name", apex);
        return CanaryReader.read(tree).resource();
    }
}
