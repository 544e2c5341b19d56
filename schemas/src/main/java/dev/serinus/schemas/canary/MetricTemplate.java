package dev.serinus.schemas.canary;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** A query to a metric provider that many Canaries share. */
@Group("flagger.app")
@Version("v1beta1")
@Kind("MetricTemplate")
@Plural("metrictemplates")
@Singular("metrictemplate")
public class MetricTemplate extends CustomResource<MetricTemplateSpec, Void> implements Namespaced {

    private static final long serialVersionUID = 1L;
}
