package dev.serinus.demo.cluster;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** What of {@link PodServers} is for each kind of cluster to say. Asked by one thread. */
public interface PodHosting {

    /** Where a pod is to listen; empty as long as it has not to. */
    Optional<InetSocketAddress> place(io.fabric8.kubernetes.api.model.Pod pod);

    /** It listens from now on. */
    default void listening(Pod server, io.fabric8.kubernetes.api.model.Pod pod) {}

    /** How long one that was deleted goes on answering, as a pause before its end makes it do. */
    Duration pause();

    /** False for one that has to go on beyond the pause; then it is asked again soon. */
    default boolean mayEnd(Pod server) {
        return true;
    }
}
