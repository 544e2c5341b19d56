package dev.serinus.loadtester;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.loadtester.job.JobRules;
import dev.serinus.loadtester.remote.KeyFiles;
import dev.serinus.loadtester.task.TaskType;
import dev.serinus.schemas.outgoing.AddressGuard;
import dev.serinus.schemas.outgoing.CallLimits;
import dev.serinus.schemas.outgoing.OutgoingClient;
import dev.serinus.schemas.outgoing.Proxies;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/** The kinds of tests are named in more places than one, and all agree. */
class TaskTypesTest {

    private static final Path CHART = Path.of("../deploy/helm/serinus");

    @Test
    void theChartAndTheDocumentKnowThemAll() throws Exception {
        List<String> titles;
        try (var calls =
                new OutgoingClient(new AddressGuard(false), Proxies.none(), CallLimits.of(10))) {
            titles =
                    TaskTypes.all(calls, JobRules.none(), KeyFiles.any()).stream()
                            .map(TaskType::title)
                            .toList();
        }
        JsonNode allowed =
                new ObjectMapper()
                        .readTree(Files.readString(CHART.resolve("values.schema.json")))
                        .at("/properties/loadtester/properties/types/items/enum");

        assertThat(StreamSupport.stream(allowed.spliterator(), false).map(JsonNode::asText))
                .containsExactlyElementsOf(titles);
        assertThat(Files.readString(CHART.resolve("values.yaml")))
                .contains("Of tests that are run: " + String.join(", ", titles) + ".");
        assertThat(Files.readString(Path.of("LOADTESTER.md")))
                .contains(titles.stream().map(title -> "`" + title + "`").toList());
    }
}
