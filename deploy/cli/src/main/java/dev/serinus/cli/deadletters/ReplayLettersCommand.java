package dev.serinus.cli.deadletters;

import dev.serinus.analysis.letter.KeptLetter;
import dev.serinus.analysis.letter.LetterId;
import dev.serinus.analysis.letter.Letters;
import dev.serinus.analysis.letter.ReplayRule;
import dev.serinus.cli.BrokerOptions;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Puts records on their topics once more, where that can do no harm. */
@Command(
        name = "replay",
        exitCodeOnExecutionException = CommandLine.ExitCode.USAGE,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Put records on their topics once more, such as after the upgrade of a service that"
                    + " could not read them.",
            "Answers that are over are passed over by the analysis. What could undo something is"
                    + " refused, with what to do instead."
        },
        footer =
                "%nExit codes: 0 all were put on their topics, 1 some were refused, 2 usage, 3 not"
                        + " found.")
final class ReplayLettersCommand implements Callable<Integer> {

    private static final int REFUSED = 1;
    private static final int NOT_FOUND = 3;

    @Parameters(
            paramLabel = "ID",
            arity = "1..*",
            description = "CLUSTER/PARTITION/OFFSET, as list says it; more than one at a time.")
    private List<String> ids = List.of();

    @Option(names = "--dry-run", description = "Only say which would be put there.")
    private boolean dryRun;

    @Mixin private BrokerOptions broker = new BrokerOptions();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        broker.quietly();
        List<LetterId> wanted = Ids.of(ids);
        return OpenLetters.ask(
                broker.kafka(),
                letters -> {
                    int code = 0;
                    for (LetterId id : wanted) {
                        code = Math.max(code, replay(letters, id));
                    }
                    return code;
                });
    }

    private int replay(Letters letters, LetterId id) throws InterruptedException {
        var out = spec.commandLine().getOut();
        KeptLetter kept = letters.find(id).orElse(null);
        if (kept == null) {
            spec.commandLine().getErr().println(Ids.missing(id));
            return NOT_FOUND;
        }
        Optional<String> refusal =
                ReplayRule.refusal(kept, () -> letters.isNewest(kept), Instant.now());
        if (refusal.isPresent()) {
            out.println(id + ": refused: " + refusal.get());
            return REFUSED;
        }
        if (!dryRun) {
            letters.replay(kept);
        }
        out.printf(
                "%s: %s on %s%n",
                id,
                dryRun ? "would be put" : "was put",
                KeptLetter.printable(kept.letter().getTopic()));
        out.flush();
        return 0;
    }
}
