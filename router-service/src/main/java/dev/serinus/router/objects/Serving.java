package dev.serinus.router.objects;

import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.Ingresses;

import java.util.TreeMap;

/** As much of an object as says where it leads requests. */
public final class Serving {

    /** Of an object that is not there. */
    public static final String NOWHERE = "gone";

    private Serving() {}

    /**
     * The same as long as it leads requests to the same place: of a Service the pods and ports, of
     * a route all it says, of an Ingress by annotations as well.
     */
    public static String of(ClusterObject object) {
        var kind = object.ref().kind();
        if (kind.equals(Kind.SERVICE)) {
            return Revision.digest(object.at("/spec/selector") + " " + object.at("/spec/ports"));
        }
        String rules = Revision.of(object.at("/spec"));
        if (!kind.equals(Ingresses.INGRESS)) {
            return rules;
        }
        var annotations = new TreeMap<>(object.annotations());
        annotations.keySet().removeIf(key -> key.startsWith(ClusterObject.OURS));
        return Revision.digest(rules + " " + annotations);
    }
}
