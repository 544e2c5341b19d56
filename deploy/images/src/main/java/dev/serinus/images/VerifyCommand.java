package dev.serinus.images;

import dev.serinus.cli.Refused;
import dev.serinus.images.signing.SignatureCheck;
import dev.serinus.images.signing.VerificationKey;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code deploy/serinus images verify}. */
@Command(
        name = "verify",
        sortOptions = false,
        description =
                "Holds images against their signatures: every blob is what its digest says, and"
                        + " the digest and each statement about it are signed by this key. Ends"
                        + " with 1 where one is not.")
final class VerifyCommand implements Callable<Integer> {

    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description = "The public key, in PEM.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path key;

    @Parameters(
            paramLabel = "IMAGE",
            arity = "0..*",
            description =
                    "Files of images, beside which their signatures are (default: all in"
                            + " deploy/target/images).")
    private List<Path> images = List.of();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks for it
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        var check = new SignatureCheck(VerificationKey.read(key));
        PrintWriter to = spec.commandLine().getOut();
        boolean good = true;
        for (Path image : images()) {
            var found = check.of(image, ImageFiles.signatures(image));
            if (found.wrong().isEmpty()) {
                to.printf(
                        "ok     %s %s, signed%s%n",
                        image.getFileName(),
                        found.image().orElseThrow(),
                        found.statements().isEmpty()
                                ? ""
                                : " with " + String.join(", ", found.statements()));
            } else {
                good = false;
                found.wrong()
                        .forEach(why -> to.printf("wrong  %s: %s%n", image.getFileName(), why));
            }
        }
        to.flush();
        return good ? 0 : 1;
    }

    private List<Path> images() throws IOException {
        Path folder = Path.of(System.getProperty("serinus.root")).resolve(BuildCommand.OUT);
        if (images.isEmpty() && Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                images = files.filter(ImageFiles::isImage).sorted().toList();
            }
        }
        if (images.isEmpty()) {
            throw new Refused(List.of("there are no images in %s; name some".formatted(folder)));
        }
        List<String> wrong =
                images.stream()
                        .filter(each -> !ImageFiles.isImage(each) || !Files.isRegularFile(each))
                        .map("%s is no file of an image (NAME.tar)"::formatted)
                        .toList();
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
        return images;
    }
}
