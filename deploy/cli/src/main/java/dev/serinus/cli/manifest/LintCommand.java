package dev.serinus.cli.manifest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;

import dev.serinus.cli.LabelOptions;
import dev.serinus.schemas.manifest.Finding;
import dev.serinus.schemas.manifest.Finding.Level;
import dev.serinus.schemas.manifest.Linting;
import dev.serinus.schemas.manifest.Manifest;
import dev.serinus.schemas.manifest.Manifests;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Judges manifests in files, for people, editors and pipelines. */
@Command(
        name = "lint",
        exitCodeOnExecutionException = CommandLine.ExitCode.USAGE,
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "Judge the Canaries, MetricTemplates and AlertProviders in files, without a cluster.",
            "Folders are looked through for .yaml, .yml and .json; - is the standard input."
        },
        footer =
                "%nExit codes: 0 nothing is wrong (there may be warnings), 1 something is, 2"
                        + " usage.")
public final class LintCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_NAMED = 10;

    /** What {@code -o} takes. */
    enum Format {
        TEXT,
        JSON,
        SARIF
    }

    @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "What is to be judged.")
    private List<String> paths = List.of();

    @Mixin private InstallationOptions installation = new InstallationOptions();

    @Mixin private LabelOptions labels = new LabelOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|sarif",
            description = "What is printed (default: text).")
    private Format format = Format.TEXT;

    @Option(
            names = "--strict",
            description = "Warnings count as mistakes, and so does it where nothing is judged.")
    private boolean strict;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        var files = ManifestFiles.read(paths, System.in);
        var linting =
                new Linting(
                        files,
                        installation.withLabels(labels),
                        installation.namespace(),
                        new ServicesHere());
        List<Finding> findings = linting.findings();
        var out = spec.commandLine().getOut();
        switch (format) {
            case TEXT -> text(out, files, findings, linting.lookedAt());
            case JSON -> out.println(json(findings).toPrettyString());
            case SARIF -> out.println(Sarif.of(findings).toPrettyString());
        }
        out.flush();
        boolean judgedNone = files.found().stream().noneMatch(Linting::isJudged);
        if (strict && judgedNone) {
            spec.commandLine()
                    .getErr()
                    .println("--strict: nothing here is of %s".formatted(Linting.GROUP));
            return 1;
        }
        boolean wrong =
                findings.stream()
                        .anyMatch(
                                each ->
                                        each.isError()
                                                || (strict && each.level() == Level.WARNING));
        return wrong ? 1 : 0;
    }

    private static void text(
            PrintWriter out, Manifests files, List<Finding> findings, Set<Manifest> lookedAt) {
        findings.forEach(each -> out.println(each.text()));
        List<Manifest> others =
                files.found().stream().filter(each -> !Linting.isJudged(each)).toList();
        int judged = files.found().size() - others.size();
        out.printf(
                "%d of %d resources judged: %d wrong, %d warnings, %d notes%n",
                judged,
                files.found().size(),
                count(findings, Level.ERROR),
                count(findings, Level.WARNING),
                count(findings, Level.NOTE));
        leftOut(out, others.stream().filter(each -> !lookedAt.contains(each)).toList());
        told(out, "looked at for their keys alone", lookedAt, LintCommand::isSecret);
        told(out, "looked at for the Canaries that release them", lookedAt, it -> !isSecret(it));
    }

    private static boolean isSecret(Manifest manifest) {
        return manifest.kind().equals("Secret");
    }

    private static void told(
            PrintWriter out, String what, Set<Manifest> lookedAt, Predicate<Manifest> those) {
        List<Manifest> named = lookedAt.stream().filter(those).toList();
        if (!named.isEmpty()) {
            out.printf("%s: %s%n", what, named(named));
        }
    }

    private static void leftOut(PrintWriter out, List<Manifest> others) {
        if (!others.isEmpty()) {
            out.printf(
                    "not looked at, as only what is of %s is, and what its valid resources name:"
                            + " %s%n",
                    Linting.GROUP, named(others));
        }
    }

    private static String named(Collection<Manifest> those) {
        String names =
                those.stream()
                        .limit(MOST_NAMED)
                        .map(Manifest::title)
                        .collect(Collectors.joining(", "));
        int more = those.size() - MOST_NAMED;
        return more > 0 ? names + " and " + more + " more" : names;
    }

    private static long count(List<Finding> findings, Level level) {
        return findings.stream().filter(each -> each.level() == level).count();
    }

    static ArrayNode json(List<Finding> findings) {
        ArrayNode all = JSON.createArrayNode();
        findings.forEach(
                each ->
                        all.addObject()
                                .put("level", each.level().word())
                                .put("file", each.file())
                                .put("line", each.line())
                                .put("rule", each.rule())
                                .put("resource", each.about())
                                .put("path", each.path())
                                .put("message", each.words()));
        return all;
    }
}
