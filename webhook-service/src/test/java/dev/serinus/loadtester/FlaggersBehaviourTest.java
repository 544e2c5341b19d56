package dev.serinus.loadtester;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The table of the load tester's document, which says what Flagger's answers and what this does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlaggersBehaviourTest {

    @SuppressWarnings("NullAway.Init") // set before all
    private TesterProcess tester;

    @BeforeAll
    void start(@TempDir Path programs) throws IOException {
        // Stands for helm and kubectl: says what words it got.
        for (String name : new String[] {"helm", "kubectl"}) {
            Path program = programs.resolve(name);
            Files.writeString(program, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
            assertThat(program.toFile().setExecutable(true)).isTrue();
        }
        tester =
                TesterProcess.with(
                        Map.of(
                                "serinus.loadtester.timeout",
                                "2s",
                                "serinus.loadtester.path",
                                programs + ":" + System.getenv("PATH")));
    }

    @AfterAll
    void stop() {
        tester.close();
    }

    static Stream<Row> rows() throws IOException {
        return Files.readAllLines(Path.of("LOADTESTER.md")).stream()
                .filter(line -> line.matches("\\| (GET|POST|PUT|DELETE) .*"))
                .map(line -> line.split(" ?\\| ?", -1))
                .map(cells -> new Row(cells[1], cells[2], cells[4]));
    }

    record Row(String request, String body, String here) {}

    @ParameterizedTest
    @MethodSource("rows")
    void answersAsTheTableSays(Row row) throws Exception {
        String[] request = row.request().split(" ");
        String body =
                row.body()
                        .replace("{M:", "{O, \"metadata\":")
                        .replace("{O", "{\"name\": \"podinfo\", \"namespace\": \"test\"");

        var answer = tester.send(request[0], request[1], body);

        String said = (answer.statusCode() + " " + answer.body()).strip().replace("\n", "⏎");
        if (answer.body().endsWith("\n")) {
            said = answer.statusCode() + " " + answer.body().replace("\n", "⏎");
        }
        if (row.here().endsWith("…")) {
            assertThat(said).startsWith(row.here().substring(0, row.here().length() - 1));
        } else {
            assertThat(said).isEqualTo(row.here());
        }
    }
}
