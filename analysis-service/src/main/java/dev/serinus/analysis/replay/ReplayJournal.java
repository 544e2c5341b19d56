package dev.serinus.analysis.replay;

import dev.serinus.schemas.events.PermitEntry;
import dev.serinus.schemas.runtime.KafkaSettings;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Replays the journals on a broker and says whether every decision comes out as it was taken. Ends
 * with 0 if so, 1 if not, 2 when it was called wrongly.
 */
public final class ReplayJournal {

    private static final String USAGE =
            "usage: ReplayJournal --bootstrap-servers HOST:PORT [--cluster NAME]..."
                    + " [--command-config FILE]";

    private ReplayJournal() {}

    public static void main(String[] arguments) throws IOException {
        System.exit(run(List.of(arguments), System.out));
    }

    /** The same without ending the process. */
    public static int run(List<String> arguments, PrintStream out) throws IOException {
        List<String> clusters = new ArrayList<>();
        Map<String, String> environment = new HashMap<>(System.getenv());
        Properties file = new Properties();
        for (int place = 0; place < arguments.size(); place += 2) {
            if (place + 1 == arguments.size()) {
                out.println(USAGE);
                return 2;
            }
            String value = arguments.get(place + 1);
            switch (arguments.get(place)) {
                case "--bootstrap-servers" -> environment.put("KAFKA_BOOTSTRAP_SERVERS", value);
                case "--cluster" -> clusters.add(value);
                case "--command-config" -> load(file, Path.of(value));
                default -> {
                    out.println(USAGE);
                    return 2;
                }
            }
        }
        try {
            return replay(KafkaSettings.from(environment, file), clusters, out);
        } catch (IllegalArgumentException incomplete) {
            out.println(incomplete.getMessage());
            out.println(USAGE);
            return 2;
        }
    }

    private static int replay(KafkaSettings settings, List<String> clusters, PrintStream out) {
        Replay replay = new Replay();
        new Journal(settings).read(clusters, replay::take);
        replay.mismatches()
                .forEach(
                        each ->
                                out.printf(
                                        "%s number %d %s%n",
                                        each.canary(), each.number(), each.because()));
        out.printf(
                "%d decisions on %d canaries replayed, %d came out otherwise; %d entries passed"
                        + " over, since their beginning is no longer kept%n",
                replay.replayed(),
                replay.canaries(),
                replay.mismatches().size(),
                replay.passedOver());
        // What was decided about permits lies in the journals of all clusters that share them.
        boolean permits = clusters.isEmpty() ? permits(settings, out) : true;
        return replay.mismatches().isEmpty() && permits ? 0 : 1;
    }

    private static boolean permits(KafkaSettings settings, PrintStream out) {
        List<PermitEntry> entries = new ArrayList<>();
        new Journal(settings).readPermits(entries::add);
        var replay = FleetReplay.of(entries);
        replay.mismatches()
                .forEach(
                        each ->
                                out.printf(
                                        "permits of %s number %d %s%n",
                                        each.scope(), each.number(), each.because()));
        if (!entries.isEmpty()) {
            out.printf(
                    "%d decisions on permits replayed, %d came out otherwise; %d entries passed"
                            + " over%n",
                    replay.replayed(), replay.mismatches().size(), replay.passedOver());
        }
        return replay.mismatches().isEmpty();
    }

    private static void load(Properties file, Path path) throws IOException {
        try (Reader reader = Files.newBufferedReader(path)) {
            file.load(reader);
        }
    }
}
