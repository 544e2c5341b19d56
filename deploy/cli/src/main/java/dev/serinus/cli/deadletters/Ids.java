package dev.serinus.cli.deadletters;

import dev.serinus.analysis.letter.KeptLetter;
import dev.serinus.analysis.letter.LetterId;
import dev.serinus.cli.Refused;

import java.util.List;

/** What people call dead letters by, as they wrote it. */
final class Ids {

    private Ids() {}

    /** {@link Refused} where the text names none. */
    static LetterId of(String text) {
        return LetterId.parse(text).orElseThrow(() -> new Refused(List.of(wrong(text))));
    }

    /** All of them; {@link Refused} with every text that names none. */
    static List<LetterId> of(List<String> texts) {
        List<String> wrong =
                texts.stream()
                        .filter(text -> LetterId.parse(text).isEmpty())
                        .map(Ids::wrong)
                        .toList();
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
        return texts.stream().map(Ids::of).distinct().toList();
    }

    static String missing(LetterId id) {
        return id + ": there is no such letter, or it is kept no longer";
    }

    private static String wrong(String text) {
        return "'%s' names no dead letter: CLUSTER/PARTITION/OFFSET, as list says it"
                .formatted(KeptLetter.printable(text));
    }
}
