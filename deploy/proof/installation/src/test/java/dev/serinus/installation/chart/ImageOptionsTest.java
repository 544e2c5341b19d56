package dev.serinus.installation.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How the JVMs of the images are started. */
class ImageOptionsTest {

    private static final Path DEPLOY = Helm.CHART.resolve("../..").normalize();

    @Test
    void theAllInOneIsStartedAsTheCommandOfACheckoutStartsIt() throws IOException {
        String script = Files.readString(DEPLOY.resolve("serinus"));
        List<String> options =
                Stream.of("jvm", "heap").flatMap(name -> array(script, name)).toList();

        assertThat(lines("all-in-one.options"))
                .containsSubsequence(options)
                .hasSize(options.size() + 2)
                .endsWith("dev.serinus.cli.Main");
    }

    @Test
    void aServiceIsStartedLikewiseWithAHeapOfItsOwn() throws IOException {
        String script = Files.readString(DEPLOY.resolve("serinus"));

        assertThat(lines("service.options"))
                .containsAll(array(script, "jvm").toList())
                .contains("-XX:+ExitOnOutOfMemoryError")
                .endsWith("-cp /opt/serinus/app/*:/opt/serinus/lib/*:/opt/serinus/more/*");
    }

    private static Stream<String> array(String script, String name) {
        Matcher found = Pattern.compile("(?m)^" + name + "=\\(([^)]*)\\)").matcher(script);
        assertThat(found.find()).as("%s= in deploy/serinus", name).isTrue();
        return Stream.of(found.group(1).strip().split("\\s+"));
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(DEPLOY.resolve("images").resolve(file)).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }
}
