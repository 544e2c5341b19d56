package dev.serinus.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;

/**
 * Flagger's flags for which Serinus has no use, so that a manifest of Flagger's starts it as it is.
 * Each that is given is explained; one whose absence would do harm is refused.
 */
final class FlaggerOptions {

    @Option(names = "--master", paramLabel = "URL", description = "Address of the API server.")
    private @Nullable String master;

    @Option(
            names = "--kubeconfig-service-mesh",
            paramLabel = "FILE",
            hidden = true,
            description = "Refused: routes are written to the cluster of the Canary.")
    private @Nullable String meshKubeconfig;

    @Option(names = "--kubeconfig-qps", paramLabel = "N", hidden = true)
    private @Nullable String qps;

    @Option(names = "--kubeconfig-burst", paramLabel = "N", hidden = true)
    private @Nullable String burst;

    @Option(names = "--control-loop-interval", paramLabel = "DURATION", hidden = true)
    private @Nullable String controlLoopInterval;

    @Option(names = "--threadiness", paramLabel = "N", hidden = true)
    private @Nullable String threadiness;

    @Option(
            names = "--enable-leader-election",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            hidden = true)
    private @Nullable Boolean leaderElection;

    @Option(names = "--leader-election-namespace", paramLabel = "NS", hidden = true)
    private @Nullable String leaderElectionNamespace;

    @Option(
            names = "--zap-replace-globals",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            hidden = true)
    private @Nullable Boolean zapReplaceGlobals;

    @Option(
            names = {
                "-v",
                "--v",
                "--vmodule",
                "--stderrthreshold",
                "--log_dir",
                "--log_file",
                "--log_file_max_size",
                "--log_backtrace_at"
            },
            paramLabel = "VALUE",
            hidden = true)
    private List<String> klog = List.of();

    @Option(
            names = {
                "--logtostderr",
                "--alsologtostderr",
                "--one_output",
                "--add_dir_header",
                "--skip_headers",
                "--skip_log_headers"
            },
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            hidden = true)
    private List<Boolean> klogSwitches = List.of();

    @Nullable String master() {
        return master;
    }

    void check(List<String> wrong) {
        Addresses.check("--master", master, wrong);
        if (meshKubeconfig != null && !meshKubeconfig.isEmpty()) {
            wrong.add(
                    "--kubeconfig-service-mesh is not supported: routes are written to the cluster"
                            + " of the Canary; run Serinus where the mesh is configured");
        }
    }

    /** What the flags that were given do here, a sentence for each. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        note(
                notes,
                "--kubeconfig-qps",
                qps,
                "requests are bounded by what is under way, not by rate");
        note(notes, "--kubeconfig-burst", burst, "requests are bounded by what is under way");
        note(
                notes,
                "--control-loop-interval",
                controlLoopInterval,
                "Canaries are watched; --min-interval bounds their analysis");
        note(notes, "--threadiness", threadiness, "Canaries are handled side by side");
        if (!Boolean.FALSE.equals(leaderElection)) {
            note(
                    notes,
                    "--enable-leader-election",
                    leaderElection,
                    "Kafka sees to it that each Canary has one who decides");
        }
        note(
                notes,
                "--leader-election-namespace",
                leaderElectionNamespace,
                "there is no leader to elect");
        note(notes, "--zap-replace-globals", zapReplaceGlobals, "there is one log");
        if (!klog.isEmpty() || !klogSwitches.isEmpty()) {
            notes.add(
                    "-v and klog's other flags have no effect: --log-level says how much is logged,"
                            + " and the log goes to standard error.");
        }
        return notes;
    }

    private static void note(
            List<String> notes, String flag, @Nullable Object given, String because) {
        if (given != null) {
            notes.add(flag + " has no effect: " + because + ".");
        }
    }
}
