package dev.serinus.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/** Plays all stories through a proxy. What was found is printed; logs stay in the target folder. */
final class RealProxy {

    private RealProxy() {}

    static void plays(String name) {
        Path data = Path.of(System.getProperty("dataplane.data", "target/dataplane"));
        assertThat(Main.execute("run", "--proxy", name, "--data", data.toString()))
                .as("what was wrong is printed above, logs are in %s", data)
                .isZero();
    }
}
