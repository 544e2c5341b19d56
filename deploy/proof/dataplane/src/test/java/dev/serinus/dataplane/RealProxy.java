package dev.serinus.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Plays stories through a proxy. What was found is printed; logs stay in the target folder. */
final class RealProxy {

    private RealProxy() {}

    /** All of them, or as the flags say. */
    static void plays(String name, String... flags) {
        Path data = Path.of(System.getProperty("dataplane.data", "target/dataplane"));
        List<String> arguments =
                new ArrayList<>(List.of("run", "--proxy", name, "--data", data.toString()));
        arguments.addAll(List.of(flags));
        assertThat(Main.execute(arguments.toArray(String[]::new)))
                .as("what was wrong is printed above, logs are in %s", data)
                .isZero();
    }
}
