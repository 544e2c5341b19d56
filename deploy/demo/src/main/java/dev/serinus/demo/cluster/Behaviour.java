package dev.serinus.demo.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;

import java.time.Duration;

/**
 * How a sample application behaves, read from its pod: the version is the image's tag, the rest are
 * the variables {@code ERROR_PERCENT} and {@code LATENCY_MS}.
 */
public record Behaviour(String version, int errorPercent, Duration latency) {

    public Behaviour {
        if (errorPercent < 0 || errorPercent > 100) {
            throw new IllegalArgumentException("ERROR_PERCENT must be 0..100, was " + errorPercent);
        }
    }

    /** What a pod of this shape does. */
    public static Behaviour of(PodSpec pod) {
        Container container = pod.getContainers().getFirst();
        String image = container.getImage();
        return new Behaviour(
                image.substring(image.lastIndexOf(':') + 1),
                number(container, "ERROR_PERCENT", 0),
                Duration.ofMillis(number(container, "LATENCY_MS", 10)));
    }

    private static int number(Container container, String variable, int byDefault) {
        return container.getEnv().stream()
                .filter(env -> env.getName().equals(variable))
                .map(EnvVar::getValue)
                .findFirst()
                .map(Integer::parseInt)
                .orElse(byDefault);
    }
}
