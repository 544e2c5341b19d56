package dev.serinus.schemas.cluster;

import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/**
 * A kind of object; naming its plural spares a discovery request.
 *
 * @param group empty for the core group
 * @param isNamespaced false for objects of the whole cluster
 */
public record Kind(String group, String version, String name, String plural, boolean isNamespaced) {

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

    /** A kind whose objects are in namespaces. */
    public Kind(String group, String version, String name, String plural) {
        this(group, version, name, plural, true);
    }

    /** A kind whose objects are the whole cluster's. */
    public static Kind ofCluster(String group, String version, String name, String plural) {
        return new Kind(group, version, name, plural, false);
    }

    /**
     * True when the API server does not know the kind it was asked for. It names what else it does
     * not find, such as an object or its namespace; of such a kind it has no name.
     */
    public static boolean isUnknown(KubernetesClientException refused) {
        var status = refused.getStatus();
        return refused.getCode() == HTTP_NOT_FOUND
                && (status == null
                        || status.getDetails() == null
                        || status.getDetails().getKind() == null);
    }

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
                .withNamespaced(isNamespaced)
                .build();
    }

    /** An object of this kind; where it is the whole cluster's, the namespace does not count. */
    public Ref named(String namespace, String name) {
        return new Ref(this, isNamespaced ? namespace : "", name);
    }
}
