package dev.serinus.schemas.canary;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;

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
@JsonDeserialize(using = ResourceReader.MetricTemplates.class)
public class MetricTemplate extends FlaggerResource<MetricTemplateSpec, Void> {

    private static final long serialVersionUID = 1L;
}
