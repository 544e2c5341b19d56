package dev.serinus.cli.deadletters;

import dev.serinus.analysis.letter.KeptLetter;
import dev.serinus.analysis.letter.LetterContent;
import dev.serinus.analysis.letter.LetterId;
import dev.serinus.analysis.letter.Letters;
import dev.serinus.analysis.letter.ReplayRule;
import dev.serinus.analysis.lookup.LookupFailed;
import dev.serinus.cli.BrokerOptions;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.Callable;

/** Prints all of one dead letter. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Print all of one dead letter, and whether it can be replayed.",
        footer = "%nExit codes: 0 printed, 2 usage, 3 there is none.")
final class ShowCommand implements Callable<Integer> {

    private static final int NOT_FOUND = 3;
    private static final int BYTES = 256;

    @Parameters(paramLabel = "ID", description = "CLUSTER/PARTITION/OFFSET, as list says it.")
    private String id = "";

    @Mixin private BrokerOptions broker = new BrokerOptions();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        broker.quietly();
        LetterId wanted = Ids.of(id);
        return OpenLetters.ask(broker.kafka(), letters -> show(letters, wanted));
    }

    private int show(Letters letters, LetterId wanted) {
        var kept = letters.find(wanted).orElse(null);
        if (kept == null) {
            spec.commandLine().getErr().println(Ids.missing(wanted));
            return NOT_FOUND;
        }
        var out = spec.commandLine().getOut();
        var letter = kept.letter();
        out.printf("id        %s%n", kept.id());
        out.printf("at        %s, by %s%n", letter.getAt(), kept.service());
        out.printf(
                "from      %s, partition %d, offset %d%n",
                KeptLetter.printable(letter.getTopic()), letter.getPartition(), letter.getOffset());
        out.printf("key       %s%n", kept.keyText());
        out.printf("reason    %s%n", kept.reason());
        out.printf("replay    %s%n", replay(letters, kept));
        out.printf("record    %s%n", record(letters.content(kept), kept.value()));
        out.flush();
        return 0;
    }

    private static String replay(Letters letters, KeptLetter kept) {
        try {
            return ReplayRule.refusal(kept, () -> letters.isNewest(kept), Instant.now())
                    .map(why -> "no: " + why)
                    .orElse("yes: deploy/serinus dead-letters replay " + kept.id());
        } catch (LookupFailed unknown) { // the rest can be shown
            return "not known: " + unknown.getMessage();
        }
    }

    /** As JSON where it can be read by now, and else its first bytes. */
    private static String record(LetterContent content, byte @Nullable [] value) {
        return switch (content) {
            case LetterContent.Empty() -> "no value";
            case LetterContent.Decoded(var json, _) -> json;
            case LetterContent.Unreadable(var type, var because) ->
                    bytes(type, value == null ? new byte[0] : value)
                            + (because.isEmpty() ? "" : ", unreadable: " + because);
        };
    }

    private static String bytes(String type, byte[] value) {
        int shown = Math.min(value.length, BYTES);
        return "%d bytes of %s, the first %d of them %s"
                .formatted(value.length, type, shown, HexFormat.of().formatHex(value, 0, shown));
    }
}
