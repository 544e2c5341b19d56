package dev.serinus.trials;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.Definitions;
import dev.serinus.testbed.binaries.Binaries;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

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
        return new RealEnvironment(
                ControlPlane.untilThisJvmEnds(binaries.get(), directory, Definitions.PUBLISHED));
    }
}
