package dev.serinus.demo.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.util.List;

/** The cluster in which the story happens: Deployments in it become pods that answer HTTP. */
public interface DemoCluster extends AutoCloseable {

    /** A client of somebody who may do everything; it is closed with the cluster. */
    KubernetesClient user();

    /**
     * A client for Serinus, with the rights that Serinus has here; it is closed with the cluster.
     */
    KubernetesClient serinus();

    /**
     * What it is made of, one line for each sentence about it.
     *
     * @param tested a load tester runs beside it
     */
    List<String> introduction(boolean tested);

    /** A command with which it can be looked at. */
    String look();

    @Override
    void close();
}
