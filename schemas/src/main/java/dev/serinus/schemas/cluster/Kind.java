package dev.serinus.schemas.cluster;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/**
 * A kind of object that the router reads or writes; naming its plural spares a discovery request.
 */
public record Kind(String group, String version, String name, String plural) {

    public static final Kind DEPLOYMENT = new Kind("apps", "v1", "Deployment", "deployments");
    public static final Kind DAEMON_SET = new Kind("apps", "v1", "DaemonSet", "daemonsets");
    public static final Kind CONTROLLER_REVISION =
            new Kind("apps", "v1", "ControllerRevision", "controllerrevisions");
    public static final Kind SERVICE = new Kind("", "v1", "Service", "services");
    public static final Kind CONFIG_MAP = new Kind("", "v1", "ConfigMap", "configmaps");
    public static final Kind SECRET = new Kind("", "v1", "Secret", "secrets");
    public static final Kind EVENT = new Kind("", "v1", "Event", "events");
    public static final Kind CANARY = new Kind("flagger.app", "v1beta1", "Canary", "canaries");
    public static final Kind AUTOSCALER =
            new Kind("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers");
    public static final Kind SCALED_OBJECT =
            new Kind("keda.sh", "v1alpha1", "ScaledObject", "scaledobjects");

    /** group/version, or the version alone for the core group. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** How fabric8 addresses it. */
    public ResourceDefinitionContext context() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(name)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }

    /** An object of this kind. */
    public Ref named(String namespace, String name) {
        return new Ref(this, namespace, name);
    }
}
