package dev.serinus.cli.manifest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;

import dev.serinus.analysis.forecast.Horizon;
import dev.serinus.analysis.forecast.Plan;
import dev.serinus.cli.LabelOptions;
import dev.serinus.cli.Refused;
import dev.serinus.schemas.admission.Admission;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.manifest.Finding;
import dev.serinus.schemas.manifest.Finding.Level;
import dev.serinus.schemas.manifest.Judged;
import dev.serinus.schemas.manifest.Linting;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Says what a Canary will do, by the machine that does it, without a cluster. */
@Command(
        name = "plan",
        exitCodeOnExecutionException = CommandLine.ExitCode.USAGE,
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "Print what each Canary in files does with the next new revision: step by step, with"
                    + " the times at best and at worst, what it asks, writes and calls.",
            "Folders are looked through for .yaml, .yml and .json; - is the standard input.",
            "With --fleet all are released at one moment, and what waits for what is printed; write"
                    + " CLUSTER=FILE where they are of several clusters."
        },
        footer = "%nExit codes: 0 all are valid, 1 lint finds an error in one, 2 usage.")
public final class PlanCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of Canaries of which nobody says where they are. */
    static final String CLUSTER = "plan";

    /** What {@code -o} takes. */
    enum Format {
        TEXT,
        JSON
    }

    @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "Where the Canaries are.")
    private List<String> paths = List.of();

    @Mixin private InstallationOptions installation = new InstallationOptions();

    @Mixin private LabelOptions labels = new LabelOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            description = "What is printed (default: text).")
    private Format format = Format.TEXT;

    @Option(
            names = "--fleet",
            paramLabel = "FILE",
            description = "Budgets and freezes of the installation, as for run.")
    private @Nullable Path fleet;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description =
                    "With --fleet: when all are released, such as 2026-12-04T17:00:00Z (default:"
                            + " now).")
    private @Nullable String at;

    @Spec private CommandSpec spec;

    /** A Canary that is valid, where it stands, and what it does. */
    record Planned(Judged judged, Plan plan) {

        static Planned of(
                String cluster,
                Linting linting,
                Judged judged,
                Admission.Admitted admitted,
                List<Finding> findings) {
            var key =
                    new CanaryKey(
                            cluster,
                            Objects.requireNonNullElse(judged.namespace(), ""),
                            Objects.requireNonNullElse(judged.name(), ""));
            return new Planned(
                    judged,
                    Plan.of(key, admitted.spec(), judged.alerts(), findings, Horizon.WHOLE)
                            .with(weights -> linting.shares(judged, weights)));
        }
    }

    @Override
    public Integer call() {
        var together = fleet == null ? null : FleetPlan.read(fleet, at);
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        boolean allValid = true;
        List<Planned> all = new ArrayList<>();
        List<String> strays = new ArrayList<>();
        boolean any = false;
        for (var cluster : clusters().entrySet()) {
            var files = ManifestFiles.read(cluster.getValue(), System.in);
            Installation where = installation.withLabels(cluster.getKey(), labels);
            var linting = new Linting(files, where, installation.namespace(), new ServicesHere());
            var found = linting.canaries();
            linting.strays().forEach(each -> strays.add(each.text()));
            any |= !found.isEmpty() || !files.broken().isEmpty();
            files.broken().forEach(each -> err.println(each.text()));
            allValid &= files.broken().isEmpty();
            for (Judged judged : found) {
                var findings = linting.findings(judged.manifest(), Integer.MAX_VALUE).told();
                boolean wrong = findings.stream().anyMatch(Finding::isError);
                if (judged.admission() instanceof Admission.Admitted admitted && !wrong) {
                    all.add(Planned.of(cluster.getKey(), linting, judged, admitted, findings));
                } else {
                    allValid = false;
                    refused(err, judged, findings);
                }
            }
        }
        if (!any) {
            strays.addFirst("there is no Canary in " + String.join(", ", paths));
            throw new Refused(strays);
        }
        print(out, all, together == null ? null : together.of(all));
        out.flush();
        err.flush();
        return allValid ? 0 : 1;
    }

    /** The files of each cluster, in the order in which they are named. */
    private Map<String, List<String>> clusters() {
        Map<String, List<String>> clusters = new LinkedHashMap<>();
        for (String path : paths) {
            int names = path.indexOf('=');
            boolean named =
                    fleet != null && names > 0 && ObjectNames.isName(path.substring(0, names));
            clusters.computeIfAbsent(
                            named ? path.substring(0, names) : CLUSTER, _ -> new ArrayList<>())
                    .add(named ? path.substring(names + 1) : path);
        }
        return clusters;
    }

    /** With its warnings: one of them may say what was meant. */
    private static void refused(PrintWriter err, Judged judged, List<Finding> findings) {
        err.printf("%s is refused:%n", judged.manifest().label());
        findings.stream()
                .filter(each -> each.level() != Level.NOTE)
                .forEach(each -> err.printf("  %s%n", each.text()));
    }

    private void print(PrintWriter out, List<Planned> all, @Nullable FleetPlan together) {
        switch (format) {
            case TEXT -> {
                all.forEach(planned -> text(out, planned));
                if (together != null) {
                    together.print(out);
                }
            }
            case JSON -> {
                ArrayNode array = JSON.createArrayNode();
                for (Planned planned : all) {
                    var node = planned.plan().json(Integer.MAX_VALUE);
                    node.set("findings", LintCommand.json(planned.plan().findings()));
                    if (together != null) {
                        together.addTo(node, planned.plan().canary());
                    }
                    array.add(node);
                }
                out.println(array.toPrettyString());
            }
        }
    }

    private static void text(PrintWriter out, Planned planned) {
        new PlanText(planned).print(out);
    }
}
