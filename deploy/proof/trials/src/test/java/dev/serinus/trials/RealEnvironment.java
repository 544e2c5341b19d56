package dev.serinus.trials;

import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.User;
import dev.serinus.trials.real.Acceptance;
import dev.serinus.trials.real.Outside;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.nio.file.Path;
import java.util.Locale;

/** A real control plane, a Prometheus beside it, and a gateway that takes every route. */
final class RealEnvironment implements TestEnvironment {
    private final ControlPlane plane;
    private final KubernetesClient user;
    final Outside outside = new Outside();
    private final Acceptance gateway;

    RealEnvironment(ControlPlane plane) {
        this.plane = plane;
        this.user = plane.client(User.ADMIN);
        this.gateway = new Acceptance(user, "shop");
    }

    @Override
    public KubernetesClient user() {
        return user;
    }

    @Override
    public String metricsServer() {
        return outside.url();
    }

    @Override
    public Path kubeconfig(Path unused, String service) {
        // The analysis has no account, and no use for one.
        return service.equals("analysis")
                ? Path.of("none")
                : plane.kubeconfig(User.valueOf(service.toUpperCase(Locale.ROOT)));
    }

    @Override
    public void close() {
        outside.close();
        gateway.close();
        user.close();
        plane.down();
    }
}
