package dev.serinus.cli.deadletters;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.analysis.letter.KeptLetter;
import dev.serinus.analysis.letter.Letters;
import dev.serinus.cli.BrokerOptions;
import dev.serinus.cli.CanaryOption;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;

/** Prints a line for each dead letter, the oldest first. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Print the dead letters of all clusters, the oldest first.",
            "Without --bootstrap-servers it asks the broker of the Serinus that runs on this"
                    + " machine."
        })
final class ListCommand implements Callable<Integer> {

    /** Reasons are printed so far; {@code show} has all of one. */
    private static final int REASON = 160;

    @Mixin private CanaryOption canary = new CanaryOption();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "The newest so many (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Mixin private BrokerOptions broker = new BrokerOptions();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        broker.quietly();
        Deque<KeptLetter> newest = new ArrayDeque<>();
        long[] found = new long[1];
        boolean whole =
                OpenLetters.ask(
                        broker.kafka(),
                        letters ->
                                letters.read(
                                        canary::isOf,
                                        Letters.Most.ALL,
                                        letter -> {
                                            if (canary.isNamed(letter.keyText())) {
                                                found[0]++;
                                                newest.add(letter);
                                                if (newest.size() > Math.max(1, limit)) {
                                                    newest.remove();
                                                }
                                            }
                                        }));
        List<KeptLetter> sorted = new ArrayList<>(newest);
        sorted.sort(Comparator.comparing((KeptLetter kept) -> kept.letter().getAt()));
        var out = spec.commandLine().getOut();
        sorted.forEach(kept -> out.println(json ? json(kept) : line(kept)));
        out.flush();
        if (found[0] == 0) {
            spec.commandLine().getErr().println("there are none");
        } else if (found[0] > sorted.size()) {
            spec.commandLine()
                    .getErr()
                    .printf("%d are left out: see --limit%n", found[0] - sorted.size());
        }
        if (!whole) {
            spec.commandLine().getErr().println("there are more: not all could be read in time");
        }
        return 0;
    }

    private static String line(KeptLetter kept) {
        String reason = kept.reason();
        return "%s %s %s of %s, by %s: %s"
                .formatted(
                        kept.id(),
                        kept.letter().getAt(),
                        kept.kind().map(kind -> kind.suffix()).orElse("?"),
                        kept.keyText().isEmpty() ? "no canary" : kept.keyText(),
                        kept.service(),
                        reason.length() > REASON ? reason.substring(0, REASON) + "…" : reason);
    }

    private static String json(KeptLetter kept) {
        return new ObjectMapper()
                .createObjectNode()
                .put("id", kept.id().toString())
                .put("at", kept.letter().getAt().toString())
                .put("topic", kept.letter().getTopic())
                .put("partition", kept.letter().getPartition())
                .put("offset", kept.letter().getOffset())
                .put("key", kept.keyText())
                .put("service", kept.letter().getService())
                .put("reason", kept.letter().getReason())
                .toString();
    }
}
