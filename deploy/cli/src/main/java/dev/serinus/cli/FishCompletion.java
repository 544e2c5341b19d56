package dev.serinus.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What fish completes commands and flags by, made from the commands themselves: picocli makes it
 * for bash and zsh alone. Commands two levels deep are told apart, which is all that there are.
 */
final class FishCompletion {

    private final String program;
    private final StringBuilder script = new StringBuilder();

    private FishCompletion(String program) {
        this.program = program;
    }

    /**
     * The script, for {@code source}.
     *
     * @param program as it is called
     */
    static String of(String program, CommandLine root) {
        var completion = new FishCompletion(program);
        completion.line("-f"); // files are completed only where one is asked for
        var commands = visible(root);
        commands.forEach(
                each -> completion.command("__fish_use_subcommand", each.getCommandSpec()));
        completion.options("__fish_use_subcommand", root.getCommandSpec());
        commands.forEach(completion::below);
        return completion.script.toString();
    }

    private static List<CommandLine> visible(CommandLine of) {
        return of.getSubcommands().values().stream()
                .filter(each -> !each.getCommandSpec().usageMessage().hidden())
                .distinct()
                .toList();
    }

    private void below(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        String seen = "__fish_seen_subcommand_from " + spec.name();
        var own = visible(command);
        if (own.isEmpty()) {
            options(seen, spec);
            return;
        }
        String names =
                own.stream().map(it -> it.getCommandSpec().name()).collect(Collectors.joining(" "));
        String none = seen + "; and not __fish_seen_subcommand_from " + names;
        own.forEach(each -> command(none, each.getCommandSpec()));
        options(none, spec);
        own.forEach(
                each ->
                        options(
                                seen
                                        + "; and __fish_seen_subcommand_from "
                                        + each.getCommandSpec().name(),
                                each.getCommandSpec()));
    }

    private void command(String when, CommandSpec spec) {
        line(
                "-n",
                quoted(when),
                "-a",
                spec.name(),
                "-d",
                quoted(firstLine(spec.usageMessage().description())));
    }

    private void options(String when, CommandSpec spec) {
        for (OptionSpec option : spec.options()) {
            if (option.hidden()) {
                continue;
            }
            List<String> words = new ArrayList<>(List.of("-n", quoted(when)));
            for (String name : option.names()) {
                words.addAll(named(name));
            }
            words.addAll(values(option));
            words.add("-d");
            words.add(quoted(firstLine(option.description())));
            line(words.toArray(String[]::new));
        }
        boolean files =
                spec.positionalParameters().stream()
                        .anyMatch(it -> it.paramLabel().contains("FILE"));
        if (files) {
            line("-n", quoted(when), "-F");
        }
    }

    /** {@code --output} is a long one, {@code -o} a short one, {@code -port} an old one. */
    private static List<String> named(String name) {
        if (name.startsWith("--")) {
            return List.of("-l", name.substring(2));
        }
        return List.of(name.length() == 2 ? "-s" : "-o", name.substring(1));
    }

    private static List<String> values(OptionSpec option) {
        if (option.arity().max() == 0 || option.arity().min() == 0) {
            return List.of(); // a switch is complete without one
        }
        boolean file =
                option.auxiliaryTypes().length > 0 && option.auxiliaryTypes()[0].equals(Path.class);
        if (file) {
            return List.of("-r", "-F");
        }
        String known = known(option);
        return known.isEmpty() ? List.of("-x") : List.of("-x", "-a", quoted(known));
    }

    /** The only values that there are; those of an enum are taken in lower case, too. */
    private static String known(OptionSpec option) {
        Iterable<String> candidates = option.completionCandidates();
        return candidates == null
                ? ""
                : StreamSupport.stream(candidates.spliterator(), false)
                        .map(each -> option.type().isEnum() ? each.toLowerCase(Locale.ROOT) : each)
                        .collect(Collectors.joining(" "));
    }

    private static String firstLine(String... description) {
        String all =
                String.join(" ", description)
                        .replace("%n", " ")
                        .replace("%%", "%")
                        .replaceAll("\\s+", " ")
                        .strip();
        int end = all.indexOf(". ");
        return (end < 0 ? all : all.substring(0, end)).replaceFirst("\\.$", "");
    }

    private static String quoted(String words) {
        return "'" + words.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private void line(String... words) {
        script.append("complete -c ")
                .append(program)
                .append(' ')
                .append(String.join(" ", words))
                .append('\n');
    }
}
