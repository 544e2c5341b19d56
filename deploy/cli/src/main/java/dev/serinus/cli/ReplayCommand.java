package dev.serinus.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.analysis.replay.Journal;
import dev.serinus.analysis.replay.OtherManifest;
import dev.serinus.analysis.replay.OtherRun;
import dev.serinus.analysis.replay.OtherRuns;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.shell.ErrorCauses;

import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;

/** Takes past decisions again, and says which runs would have ended otherwise. */
@Command(
        name = "replay",
        exitCodeOnExecutionException = CommandLine.ExitCode.USAGE,
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "Take every decision of the journal again, and say which runs would have ended"
                    + " otherwise with --set.",
            "Without --bootstrap-servers it asks the broker of the Serinus that runs on this"
                    + " machine. Nothing is written."
        },
        footer =
                "%nExit codes: 0 all as it was, 1 a decision came out otherwise than it was taken,"
                        + " 2 usage.")
final class ReplayCommand implements Callable<Integer> {

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description =
                    "Something of the manifest that would have been otherwise: "
                            + OtherManifest.SETTABLE
                            + ". May be repeated.")
    private List<String> settings = List.of();

    @Mixin private CanaryOption canary = new CanaryOption();

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            description = "Only runs that began no longer ago, such as 168h.")
    private @Nullable String since;

    @Option(names = "--json", description = "One JSON array of the runs.")
    private boolean json;

    @Mixin private BrokerOptions broker = new BrokerOptions();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        broker.quietly();
        var other = other();
        Instant from = from();
        var kafka = broker.kafka();
        List<OtherRun> runs = new ArrayList<>();
        var replay = new OtherRuns(other, runs::add);
        try {
            new Journal(kafka).read(List.of(), entry -> take(replay, entry));
        } catch (KafkaException trouble) {
            throw new Refused(
                    List.of(
                            "Kafka at %s cannot be read: %s"
                                    .formatted(
                                            kafka.properties().get("bootstrap.servers"),
                                            ErrorCauses.shortest(trouble))));
        }
        replay.end();
        runs.removeIf(run -> run.began().isBefore(from));
        runs.sort(Comparator.comparing(OtherRun::began));
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(json(runs).toPrettyString());
        } else {
            new ReplayText(runs, replay.replayed(), settings).print(out);
        }
        out.flush();
        return replay.replayed().mismatches().isEmpty() ? 0 : 1;
    }

    private OtherManifest other() {
        try {
            return OtherManifest.of(settings);
        } catch (IllegalArgumentException wrong) {
            throw new Refused(
                    List.of(
                            "--set "
                                    + String.valueOf(wrong.getMessage())
                                            .replace("; ", "; --set ")));
        }
    }

    private Instant from() {
        if (since == null) {
            return Instant.MIN;
        }
        Duration length = Durations.parse(since).filter(Duration::isPositive).orElse(null);
        if (length == null) {
            throw new Refused(
                    List.of("--since must be a duration such as 168h; found '" + since + "'"));
        }
        return Instant.now().minus(length);
    }

    private void take(OtherRuns replay, JournalEntry entry) {
        if (canary.includes(entry.getCanary())) {
            replay.take(entry);
        }
    }

    private static ArrayNode json(List<OtherRun> runs) {
        ArrayNode all = new ObjectMapper().createArrayNode();
        for (OtherRun run : runs) {
            ObjectNode one = all.addObject();
            one.put("canary", run.canary().toString())
                    .put("run", run.run())
                    .put("revision", run.revision())
                    .put("began", run.began().toString())
                    .put("endsOtherwise", run.endsOtherwise());
            json(one.putObject("was"), run.was());
            json(one.putObject("would"), run.would());
        }
        return all;
    }

    private static void json(ObjectNode node, OtherRun.Ending ending) {
        node.put("end", ending.how().words())
                .put("afterMillis", ending.after().toMillis())
                .putPOJO("canaryWeight", ending.canaryWeight().number())
                .put("failedChecks", ending.failedChecks())
                .put("because", ending.because());
    }
}
