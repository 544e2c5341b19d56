package dev.serinus.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.cli.Refused;
import dev.serinus.schemas.canary.CanaryScheduling;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.manifest.Finding;
import dev.serinus.schemas.targets.ReleasedService;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Says by which name a workload's content is released, so that a pipeline can wait for its own. */
@Command(
        name = "revision",
        exitCodeOnExecutionException = CommandLine.ExitCode.USAGE,
        mixinStandardHelpOptions = true,
        description = {
            "Print the revision of a workload as the cluster shows it, for wait --revision:",
            "kubectl get deployment NAME -o json | deploy/serinus revision",
            "A manifest as it is written is another content: the API server adds defaults."
        },
        footer = "%nExit codes: 0 printed, 1 it is no one workload, 2 usage.")
public final class RevisionCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = "-",
            description = "Where the workload is; - is the standard input (default: -).")
    private String path = "-";

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        var files = ManifestFiles.read(List.of(path), System.in);
        List<String> wrong = new ArrayList<>(files.broken().stream().map(Finding::text).toList());
        var found = files.found();
        if (wrong.isEmpty() && found.size() != 1) {
            wrong.add("%s has %d resources, and one is asked for".formatted(path, found.size()));
        }
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
        var out = spec.commandLine().getOut();
        out.println(revision(found.getFirst().object()));
        out.flush();
        return 0;
    }

    private String revision(JsonNode workload) {
        String kind = workload.path("kind").asText();
        String group = workload.path("apiVersion").asText().replaceFirst("/.*", "");
        List<String> wrong = new ArrayList<>();
        if (!workload.path("metadata").has("uid")) {
            wrong.add(
                    "metadata.uid: the object is not from a cluster, and a revision is that of what"
                            + " the API server made of it; take kubectl get -o json");
        }
        boolean template =
                (group.equals("apps") && (kind.equals("Deployment") || kind.equals("DaemonSet")))
                        || (group.equals("serving.knative.dev") && kind.equals("Service"));
        boolean service = group.equals("v1") && kind.equals("Service");
        if (!template && !service) {
            wrong.add(
                    "kind: %s of %s is no target of a Canary; a Deployment, a DaemonSet, a Service or a Knative Service is"
                            .formatted(kind, workload.path("apiVersion").asText()));
        }
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
        return template
                ? Revision.of(CanaryScheduling.usersTemplate(workload))
                : ReleasedService.revision(workload.path("spec"));
    }
}
