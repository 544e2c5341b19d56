package dev.serinus.demo;

import dev.serinus.demo.cluster.DemoCluster;
import dev.serinus.demo.cluster.Pods;
import dev.serinus.demo.measure.Samples;
import dev.serinus.demo.traffic.Entrance;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Where the story happens. */
public interface Setting {

    /**
     * Makes a cluster whose pods are found in {@code pods} and counted in {@code samples}.
     *
     * @param data a folder for what it keeps
     * @param say hears what is going on
     */
    DemoCluster found(
            Path data, Pods pods, Samples samples, SplittableRandom chance, Consumer<String> say);

    /** Opens the way by which users come into a namespace. */
    Entrance open(KubernetesClient user, String namespace, Pods pods);

    /** A manifest of the demo as it has to be here. */
    default String manifest(String name, String yaml) {
        return yaml;
    }
}
