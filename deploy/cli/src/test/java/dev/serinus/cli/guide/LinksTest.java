package dev.serinus.cli.guide;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Every link of the guide leads somewhere, and every page is found from its index. */
class LinksTest {

    static List<String> pages() {
        return Guide.pages();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksOfAPageLeadSomewhere(String page) {
        assertThat(Guide.links(Guide.page(page)))
                .filteredOn(link -> !link.startsWith("http://") && !link.startsWith("https://"))
                .allSatisfy(link -> assertThat(problem(page, link)).isEmpty());
    }

    @Test
    void everyPageIsInTheIndexAndTheGuideInTheReadme() {
        Set<String> linked =
                Guide.links(Guide.page("README.md")).stream()
                        .map(link -> link.replaceFirst("#.*", ""))
                        .collect(Collectors.toSet());

        assertThat(linked)
                .containsAll(pages().stream().filter(page -> !page.equals("README.md")).toList());
        assertThat(Guide.links(Guide.read(Guide.ROOT.resolve("README.md"))))
                .contains("deploy/guide/README.md");
    }

    private static String problem(String page, String link) {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target =
                file.isEmpty()
                        ? Guide.FOLDER.resolve(page)
                        : Guide.FOLDER.resolve(file).normalize();
        if (!target.startsWith(Guide.ROOT) || !Files.exists(target)) {
            return "there is no " + target;
        }
        if (hash < 0 || Guide.anchors(Guide.read(target)).contains(link.substring(hash + 1))) {
            return "";
        }
        return "%s has no heading #%s".formatted(file, link.substring(hash + 1));
    }
}
