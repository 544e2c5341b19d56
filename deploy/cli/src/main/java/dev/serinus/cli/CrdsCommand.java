package dev.serinus.cli;

import dev.serinus.schemas.crd.Crds;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the resource definitions, for {@code kubectl apply -f -}. */
@Command(
        name = "crds",
        mixinStandardHelpOptions = true,
        description = "Print the resource definitions: deploy/serinus crds | kubectl apply -f -")
final class CrdsCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().getOut().print(Crds.yaml());
        spec.commandLine().getOut().flush();
    }
}
