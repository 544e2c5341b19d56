package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The tables of providers in the README say what the providers' descriptors do. */
class ProviderTableTest {

    private static final String ABILITIES = "### What each can do";
    private static final String QUESTIONS = "## Metrics";
    private static final String NO = "no";

    /** The rows of the first table below a heading, by the type in the first column. */
    private static Map<String, List<String>> rows(String heading) throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        int begin = readme.indexOf(heading + "\n");
        assertThat(begin).as(heading).isNotNegative();
        Map<String, List<String>> rows = new LinkedHashMap<>();
        readme.substring(begin)
                .lines()
                .dropWhile(line -> !line.startsWith("| `spec.provider.type`"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Arrays.stream(line.split("\\|")).skip(1).map(String::strip).toList())
                // A row without a type goes on from the one above.
                .filter(cells -> !cells.getFirst().isEmpty())
                .forEach(cells -> rows.put(cells.getFirst().replace("`", ""), cells));
        return rows;
    }

    private static Set<String> types() {
        return Providers.ALL.stream()
                .map(ProviderType::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void eachProviderHasItsRows() throws IOException {
        assertThat(new TreeSet<>(rows(ABILITIES).keySet())).isEqualTo(types());
        assertThat(new TreeSet<>(rows(QUESTIONS).keySet())).isEqualTo(types());
    }

    @Test
    void whoAsksIsAsItsDescriptorSays() throws IOException {
        var rows = rows(ABILITIES);
        for (ProviderType type : Providers.ALL) {
            var cells = rows.getOrDefault(type.name(), List.of());
            var auth = cells.get(1);
            var own = type.abilities().ownIdentity();

            assertThat(auth.startsWith(NO + ":")).as(type.name() + " auth").isEqualTo(own != null);
            if (own != null) {
                assertThat(auth).as(type.name()).isEqualTo("no: it is asked as " + own);
                assertThat(cells.get(2)).as(type.name() + " tls").isEqualTo(NO);
                continue;
            }
            var replaced = type.abilities().authorization();
            assertThat(auth.startsWith("in place of"))
                    .as(type.name())
                    .isEqualTo(!replaced.isEmpty());
            assertThat(replaced)
                    .as(type.name())
                    .allSatisfy(key -> assertThat(auth).contains("`" + key + "`"));
            assertThat(cells.get(2)).as(type.name() + " tls").startsWith("yes");
        }
    }

    @Test
    void rangesAreAsItsDescriptorSays() throws IOException {
        var rows = rows(ABILITIES);
        for (ProviderType type : Providers.ALL) {
            var ranges = rows.getOrDefault(type.name(), List.of()).get(3);

            assertThat(ranges.startsWith(NO)).as(type.name()).isEqualTo(!type.abilities().ranges());
        }
    }
}
