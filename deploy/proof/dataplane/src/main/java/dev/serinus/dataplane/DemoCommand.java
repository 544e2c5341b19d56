package dev.serinus.dataplane;

import dev.serinus.dataplane.proxy.Plane;
import dev.serinus.testbed.ProcessReaper;
import dev.serinus.testbed.Unavailable;
import dev.serinus.testbed.binaries.Build;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** The demo's story behind a real proxy, in a JVM of its own in a network of its own. */
@Command(
        name = "demo",
        description =
                "What deploy/serinus demo --mesh is: the demo behind a real proxy. Other flags are"
                        + " the demo's.")
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--mesh",
            required = true,
            paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Plane mesh;

    @Unmatched private List<String> others = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        var err = spec.commandLine().getErr();
        var binaries = Build.run(line -> err.println("demo: " + line));
        var programs = mesh.build(line -> err.println("demo: " + line));
        if (OwnNetwork.isInside()) {
            return dev.serinus.demo.Main.play(
                    new ProxiedSetting(mesh, binaries, programs), others.toArray(String[]::new));
        }
        return enter();
    }

    private int enter() throws IOException, InterruptedException {
        OwnNetwork.whyNot()
                .ifPresent(
                        because -> {
                            throw new Unavailable(because);
                        });
        List<String> arguments = new ArrayList<>(List.of("demo", "--mesh", mesh.id()));
        arguments.addAll(others);
        var process =
                new ProcessBuilder(OwnNetwork.command(OwnNetwork.java(List.of(), arguments)))
                        .inheritIO()
                        .start();
        var reaper = ProcessReaper.of(List.of(process.pid()));
        int code = process.waitFor();
        reaper.dismiss();
        return code;
    }
}
