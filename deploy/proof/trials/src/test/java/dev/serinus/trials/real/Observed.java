package dev.serinus.trials.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** All that one value of one object has been since it was looked at first, repetitions left out. */
final class Observed<T> implements AutoCloseable, ResourceEventHandler<GenericKubernetesResource> {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<T> values = new CopyOnWriteArrayList<>();
    private final Function<JsonNode, T> of;
    private final SharedIndexInformer<GenericKubernetesResource> informer;

    Observed(TestBed bed, String version, String kind, String name, Function<JsonNode, T> of) {
        this.of = of;
        this.informer =
                bed.admin()
                        .genericKubernetesResources(version, kind)
                        .inNamespace(bed.namespace())
                        .withName(name)
                        .inform(this);
    }

    List<T> values() {
        return List.copyOf(values);
    }

    @Override
    public void onAdd(GenericKubernetesResource object) {
        T value = of.apply(tree(object));
        if (values.isEmpty() || !values.getLast().equals(value)) {
            values.add(value);
        }
    }

    /** By way of text: the same number is an int in a list and a long in a watch. */
    private static JsonNode tree(GenericKubernetesResource object) {
        try {
            return JSON.readTree(JSON.writeValueAsBytes(object));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
        onAdd(object);
    }

    @Override
    public void onDelete(GenericKubernetesResource object, boolean finalStateUnknown) {
        // What it was last stays its last value.
    }

    @Override
    public void close() {
        informer.close();
    }
}
