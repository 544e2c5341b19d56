package dev.serinus.testbed.junit;

import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.User;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.nio.file.Path;

/**
 * What a test class has of the control plane.
 *
 * @param namespace of this class alone, empty at its beginning
 * @param admin a client that may do everything; the extension closes it
 */
public record TestBed(ControlPlane controlPlane, String namespace, KubernetesClient admin) {

    /** A kubeconfig with this user's rights. */
    public Path kubeconfig(User user) {
        return controlPlane.kubeconfig(user);
    }

    /** A client with this user's rights; whoever asks for one closes it. */
    public KubernetesClient client(User user) {
        return controlPlane.client(user);
    }
}
