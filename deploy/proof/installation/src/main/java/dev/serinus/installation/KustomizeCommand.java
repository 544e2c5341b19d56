package dev.serinus.installation;

import static java.nio.charset.StandardCharsets.UTF_8;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Renders the bases of kustomize anew. */
@Command(
        name = "kustomize",
        mixinStandardHelpOptions = true,
        description = "Render the bases of deploy/kustomize from the chart, and print their files.")
final class KustomizeCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        var err = spec.commandLine().getErr();
        var out = spec.commandLine().getOut();
        var bases =
                new KustomizeBases(
                        Path.of(System.getProperty("serinus.root", "."), "deploy"),
                        HelmProgram.build(line -> err.println("helm: " + line)));
        for (Path folder : bases.folders()) {
            Path file = folder.resolve(KustomizeBases.FILE);
            Files.writeString(file, bases.rendered(folder), UTF_8);
            out.println(file);
        }
        out.flush();
        return 0;
    }
}
