package dev.serinus.trials;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.Definitions;
import dev.serinus.testbed.User;
import dev.serinus.testbed.binaries.Binaries;
import dev.serinus.trials.real.Acceptance;
import dev.serinus.trials.real.Outside;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Locale;

/**
 * The same on a real control plane of its own, each service as it is shipped and with the rights of
 * its own account.
 */
class KillOnTestBedIT extends KillIT {

    @TempDir Path directory;

    @Override
    TestEnvironment testEnvironment() {
        var binaries = Binaries.find();
        assumeThat(binaries).as("programs of the test bed in %s", Binaries.place()).isPresent();
        return new Real(
                ControlPlane.untilThisJvmEnds(binaries.get(), directory, Definitions.PUBLISHED));
    }

    private static final class Real implements TestEnvironment {
        private final ControlPlane plane;
        private final KubernetesClient user;
        private final Outside outside = new Outside();
        private final Acceptance gateway;

        Real(ControlPlane plane) {
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
}
