package dev.serinus.conformance.cluster;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.time.Timeline;

import java.util.function.Consumer;

/** A cluster of one node: its objects, its API server and its controllers. */
public final class SimulatedCluster {

    private final Objects objects;
    private final ApiServer server;
    private final Deployments deployments;

    /**
     * @param requests is told of each request of the API server's clients
     */
    public SimulatedCluster(Timeline timeline, Consumer<String> requests) {
        this.objects = new Objects(timeline);
        this.server = new ApiServer(objects, timeline, requests);
        var pods = new Pods(objects);
        this.deployments = new Deployments(objects, timeline, pods);
        deployments.start();
        new DaemonSets(objects, timeline, pods).start();
        new Collector(objects, timeline).start();
    }

    public Objects objects() {
        return objects;
    }

    public ApiServer server() {
        return server;
    }

    public void createNamespace(String name) {
        var namespace = Json.object();
        namespace.putObject("metadata").put("name", name);
        objects.create(Resource.called("namespaces").orElseThrow(), namespace);
    }

    /** Takes away the pods with a label; their owners make new ones. */
    public void deletePods(String namespace, String label, String value) {
        deployments.deletePods(namespace, label, value);
    }
}
