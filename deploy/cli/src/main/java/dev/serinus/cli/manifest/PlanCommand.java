package dev.serinus.cli.manifest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.analysis.forecast.Course;
import dev.serinus.analysis.forecast.Forecast;
import dev.serinus.cli.Refused;
import dev.serinus.cli.manifest.Linting.Judged;
import dev.serinus.schemas.admission.Admission;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.topic.CanaryKey;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Says what a Canary will do, by the machine that does it, without a cluster. */
@Command(
        name = "plan",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "Print what each Canary in files does with the next new revision: step by step, with"
                    + " the times at best and at worst, what it asks, writes and calls.",
            "Folders are looked through for .yaml, .yml and .json; - is the standard input."
        },
        footer = "%nExit codes: 0 all are valid, 1 one is not, 2 usage.")
public final class PlanCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What {@code -o} takes. */
    enum Format {
        TEXT,
        JSON
    }

    @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "Where the Canaries are.")
    private List<String> paths = List.of();

    @Mixin private InstallationOptions installation = new InstallationOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            description = "What is printed (default: text).")
    private Format format = Format.TEXT;

    @Spec private CommandSpec spec;

    /** What is told of one Canary that is valid. */
    record Planned(
            Judged judged,
            RolloutSpec spec,
            Forecast soonest,
            Forecast latest,
            Forecast failing,
            List<String> warnings) {

        static Planned of(Judged judged, Admission.Admitted admitted) {
            var key =
                    new CanaryKey(
                            "plan",
                            judged.canary().getMetadata().getNamespace(),
                            judged.canary().getMetadata().getName());
            List<String> warnings = new ArrayList<>(admitted.hints());
            admitted.unused()
                    .forEach(
                            path ->
                                    warnings.add(
                                            "%s: has no effect with provider %s"
                                                    .formatted(
                                                            path, admitted.spec().getProvider())));
            warnings.addAll(Risks.of(judged.canary(), admitted.spec()));
            return new Planned(
                    judged,
                    admitted.spec(),
                    Forecast.of(key, admitted.spec(), Course.SOONEST),
                    Forecast.of(key, admitted.spec(), Course.LATEST),
                    Forecast.of(key, admitted.spec(), Course.FAILING),
                    warnings);
        }
    }

    @Override
    public Integer call() {
        var files = ManifestFiles.read(paths, System.in);
        Installation where = installation.installation();
        var linting = new Linting(files, where, installation.namespace());
        var found = linting.canaries();
        if (found.isEmpty() && files.broken().isEmpty()) {
            throw new Refused(List.of("there is no Canary in " + String.join(", ", paths)));
        }
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        files.broken().forEach(each -> err.println(each.text()));
        boolean allValid = files.broken().isEmpty();
        ArrayNode all = JSON.createArrayNode();
        for (Judged judged : found) {
            switch (judged.admission()) {
                case Admission.Refused(var problems) -> {
                    allValid = false;
                    err.printf("%s is refused:%n", judged.manifest().label());
                    problems.forEach(
                            each ->
                                    err.printf(
                                            "  %s:%d: %s %s%n",
                                            judged.manifest().file(),
                                            judged.manifest().line(each.getPath()),
                                            each.getPath(),
                                            each.getMessage()));
                }
                case Admission.Admitted admitted -> {
                    var planned = Planned.of(judged, admitted);
                    if (format == Format.TEXT) {
                        text(out, planned);
                    }
                    all.add(json(planned));
                }
            }
        }
        if (format == Format.JSON) {
            out.println(all.toPrettyString());
        }
        out.flush();
        err.flush();
        return allValid ? 0 : 1;
    }

    private static void text(PrintWriter out, Planned planned) {
        new PlanText(planned).print(out);
    }

    private static ObjectNode json(Planned planned) {
        ObjectNode node = JSON.createObjectNode();
        var metadata = planned.judged().canary().getMetadata();
        node.put("namespace", metadata.getNamespace())
                .put("name", metadata.getName())
                .put("provider", planned.spec().getProvider());
        node.set("atBest", json(planned.soonest()));
        node.set("atWorst", json(planned.latest()));
        node.set("ifEveryCheckFails", json(planned.failing()));
        planned.warnings().forEach(node.putArray("warnings")::add);
        return node;
    }

    private static ObjectNode json(Forecast forecast) {
        ObjectNode node = JSON.createObjectNode();
        node.put("end", forecast.end())
                .put("waitingFor", forecast.waitingFor())
                .put("lastsMillis", forecast.lasts().toMillis())
                .put("checks", forecast.checks())
                .put("hookCalls", forecast.hookCalls())
                .putPOJO("mostWeight", forecast.most().number());
        ArrayNode steps = node.putArray("steps");
        forecast.steps()
                .forEach(
                        step ->
                                steps.addObject()
                                        .put("afterMillis", step.after().toMillis())
                                        .put("type", step.type())
                                        .put("phase", step.phase())
                                        .putPOJO("canaryWeight", step.canaryWeight().number())
                                        .put("message", step.message()));
        return node;
    }
}
