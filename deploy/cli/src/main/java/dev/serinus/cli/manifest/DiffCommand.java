package dev.serinus.cli.manifest;

import dev.serinus.cli.KubeconfigOptions;
import dev.serinus.cli.LabelOptions;
import dev.serinus.cli.Refused;
import dev.serinus.router.Preview;
import dev.serinus.schemas.admission.Admission;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.ResourceWatch;
import dev.serinus.schemas.manifest.Judged;
import dev.serinus.schemas.manifest.Linting;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** Says what Serinus would write to the cluster for a Canary, by the code that writes it. */
@Command(
        name = "diff",
        exitCodeOnExecutionException = DiffCommand.TROUBLE,
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "Print what Serinus would write to the cluster for each Canary in files, beside what is"
                    + " there: workloads, Services, routes, autoscalers, copies of configs. Nothing"
                    + " is written.",
            "Folders are looked through for .yaml, .yml and .json; - is the standard input."
        },
        footer =
                "%nExit codes: 0 nothing would be written, 1 something would, 2 it could not be"
                        + " told.")
public final class DiffCommand implements Callable<Integer> {

    private static final int NOTHING = 0;
    private static final int SOMETHING = 1;
    static final int TROUBLE = 2;

    /** The UID of a Canary that is not there yet. */
    private static final String NOT_YET = "00000000-0000-0000-0000-000000000000";

    /** Phases in which the target has its pods. */
    private static final Set<String> UNDER_WAY =
            Set.of("Waiting", "Progressing", "WaitingPromotion", "Promoting", "Finalising");

    @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "Where the Canaries are.")
    private List<String> paths = List.of();

    @Mixin private KubeconfigOptions kubeconfig = new KubeconfigOptions();

    @Mixin private InstallationOptions installation = new InstallationOptions();

    @Mixin private LabelOptions labels = new LabelOptions();

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        var files = ManifestFiles.read(paths, System.in);
        Installation where = installation.withLabels(labels);
        var found =
                new Linting(files, where, installation.namespace(), new ServicesHere()).canaries();
        if (found.isEmpty() && files.broken().isEmpty()) {
            throw new Refused(List.of("there is no Canary in " + String.join(", ", paths)));
        }
        var err = spec.commandLine().getErr();
        files.broken().forEach(each -> err.println(each.text()));
        int broken = files.broken().isEmpty() ? NOTHING : TROUBLE;
        int told = kubeconfig.with(client -> told(client, found, where));
        err.flush();
        return Math.max(broken, told);
    }

    private int told(KubernetesClient client, List<Judged> found, Installation where) {
        int worst = NOTHING;
        for (Judged judged : found) {
            worst =
                    Math.max(
                            worst,
                            switch (judged.admission()) {
                                case Admission.Refused refused -> refused(judged, refused);
                                case Admission.Admitted _ ->
                                        difference(client, judged.canary(), where);
                            });
        }
        spec.commandLine().getOut().flush();
        return worst;
    }

    private int refused(Judged judged, Admission.Refused refused) {
        var err = spec.commandLine().getErr();
        err.printf("%s is refused:%n", judged.manifest().label());
        refused.problems()
                .forEach(each -> err.printf("  %s %s%n", each.getPath(), each.getMessage()));
        return TROUBLE;
    }

    private int difference(KubernetesClient client, Canary canary, Installation where) {
        var meta = canary.getMetadata();
        String name = meta.getNamespace() + "/" + meta.getName();
        @Nullable GenericKubernetesResource there =
                client.genericKubernetesResources(ResourceWatch.CANARIES)
                        .inNamespace(meta.getNamespace())
                        .withName(meta.getName())
                        .get();
        meta.setUid(there == null ? NOT_YET : there.getMetadata().getUid());
        @Nullable String phase = there == null ? null : there.get("status", "phase");
        var found = Preview.of(client, canary, where, phase != null && UNDER_WAY.contains(phase));
        var err = spec.commandLine().getErr();
        found.notes().forEach(note -> err.printf("%s: %s%n", name, note));
        boolean any = false;
        for (var written : found.written()) {
            any |= prints(written);
        }
        return found.stopped() ? TROUBLE : any ? SOMETHING : NOTHING;
    }

    /** True where there is a difference. */
    private boolean prints(Preview.Written written) {
        var both = ShownObject.lines(written.ref().kind(), written.before(), written.after());
        var lines = UnifiedDiff.of(both.getFirst(), both.getLast());
        if (lines.isEmpty()) {
            return false;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("--- %s%n", written.before() == null ? "/dev/null" : "live/" + written.ref());
        out.printf("+++ %s%n", written.after() == null ? "/dev/null" : "serinus/" + written.ref());
        lines.forEach(out::println);
        return true;
    }
}
