package dev.serinus.cli.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.serinus.cli.guide.Guide.Block;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every command that the guide shows is one, with the flags that it has; each command is shown. */
class CommandLinesTest {

    private static final String COMMAND = "deploy/serinus";
    private static final Pattern WORD = Pattern.compile("'[^']*'|\"[^\"]*\"|[^\\s'\"()]+");
    private static final Pattern OF_THE_SCRIPT = Pattern.compile("(?m)^  ([a-z-]+)\\)$");

    /** They are for people who build Serinus. */
    private static final Set<String> FOR_WHO_BUILDS =
            Set.of("testbed", "helm", "bench", "conformance", "dataplane", "jdk", "build");

    /** One command as it is typed. */
    record Line(String where, List<String> words) {

        @Override
        public String toString() {
            return where + ": " + String.join(" ", words);
        }
    }

    static Stream<Line> lines() {
        return Guide.blocks().stream()
                .filter(block -> block.info().equals("sh"))
                .flatMap(CommandLinesTest::commands);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aCommandIsOneWithTheFlagsThatItHas(Line line) {
        String name = line.words().getFirst();
        if (!Commands.line().getSubcommands().containsKey(name)) {
            assertThat(commandsOfTheScript()).contains(name);
            return;
        }
        assertThatCode(() -> Commands.line().parseArgs(line.words().toArray(String[]::new)))
                .doesNotThrowAnyException();
    }

    @Test
    void everyCommandIsShown() {
        Set<String> shown =
                lines().map(line -> line.words().getFirst()).collect(Collectors.toSet());
        Set<String> all =
                Stream.concat(
                                Commands.line().getSubcommands().keySet().stream(),
                                commandsOfTheScript().stream())
                        .filter(name -> !FOR_WHO_BUILDS.contains(name))
                        .collect(Collectors.toSet());

        assertThat(shown).containsAll(all);
    }

    private static Set<String> commandsOfTheScript() {
        return OF_THE_SCRIPT
                .matcher(Guide.read(Guide.ROOT.resolve(COMMAND)))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    private static Stream<Line> commands(Block block) {
        List<Line> lines = new ArrayList<>();
        String text = block.text().replace("\\\n", " ");
        for (String line : text.lines().toList()) {
            for (String part : line.replaceFirst("(^|\\s)#.*", "").split("[|;]|&&")) {
                int start = part.indexOf(COMMAND + " ");
                if (start >= 0) {
                    List<String> words = words(part.substring(start + COMMAND.length() + 1));
                    lines.add(new Line(block.page() + ":" + block.line(), words));
                }
            }
        }
        return lines.stream();
    }

    /** As a shell has them, as far as the guide needs it. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        var matcher = WORD.matcher(line);
        int end = -1;
        while (matcher.find()) {
            String word = matcher.group().replaceAll("^['\"]|['\"]$", "");
            if (word.equals(">")) {
                break;
            }
            if (matcher.start() == end && !words.isEmpty()) {
                words.set(words.size() - 1, words.getLast() + word);
            } else {
                words.add(word);
            }
            end = matcher.end();
        }
        return words;
    }
}
