package dev.serinus.images;

import picocli.CommandLine.Command;

/** {@code deploy/serinus images}. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = "The container images.",
        subcommands = {BuildCommand.class, VerifyCommand.class})
public final class Main {

    Main() {}

    public static void main(String[] arguments) {
        System.exit(dev.serinus.cli.Main.execute(new Main(), arguments));
    }
}
