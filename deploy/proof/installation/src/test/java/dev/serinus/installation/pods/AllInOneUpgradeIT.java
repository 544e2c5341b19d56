package dev.serinus.installation.pods;

import dev.serinus.broker.FreePort;

import org.junit.jupiter.api.Tag;

import java.util.List;
import java.util.stream.Stream;

/** The chart's default: one pod, which is stopped before the next one has its volume. */
@Tag("long")
class AllInOneUpgradeIT extends UpgradeUnderLoad {

    private static final String PORT = "listen.port=" + FreePort.next();

    @Override
    List<List<String>> versions() {
        return Stream.of(
                        List.<String>of(),
                        List.of("image.tag=0.1.1", "podLabels.generation=second", "logLevel=debug"),
                        List.of(
                                "javaOptions=-Xmx320m",
                                "resources.requests.memory=400Mi",
                                "resources.limits.memory=700Mi",
                                "terminationGracePeriodSeconds=45"),
                        List.of("selectorLabels=app", "denyNetworks=10.0.0.0/8", "logFormat=text"))
                .map(own -> Stream.concat(Stream.of(PORT), own.stream()).toList())
                .toList();
    }

    @Override
    int pods() {
        return 1;
    }
}
