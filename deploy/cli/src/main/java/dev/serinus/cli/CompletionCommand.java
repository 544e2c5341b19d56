package dev.serinus.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a shell completes commands and flags by. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = {
            "Print the completion of commands and flags:",
            "  source <(deploy/serinus completion)          in bash and zsh",
            "  deploy/serinus completion fish | source      in fish"
        })
final class CompletionCommand implements Runnable {

    private static final String PROGRAM = "serinus";

    /** Whose completion there is. */
    enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "bash|zsh|fish",
            description = "For which shell (default: bash, which is zsh's too).")
    private Shell shell = Shell.BASH;

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        var out = spec.commandLine().getOut();
        CommandLine root = spec.root().commandLine();
        out.print(
                switch (shell) {
                    case BASH, ZSH -> AutoComplete.bash(PROGRAM, root);
                    case FISH -> FishCompletion.of(PROGRAM, root);
                });
        out.flush();
    }
}
