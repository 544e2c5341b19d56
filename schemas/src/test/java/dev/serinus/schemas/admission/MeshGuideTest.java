package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Manifests;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The manifests of router-service/MESHES.md can be applied as they stand, one for each mesh. */
class MeshGuideTest {

    private static final Path GUIDE = Path.of("../router-service/MESHES.md");
    private static final Pattern BLOCK =
            Pattern.compile("^```yaml\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    static List<JsonNode> canaries() throws IOException {
        return BLOCK.matcher(Files.readString(GUIDE))
                .results()
                .flatMap(block -> Stream.of(block.group(1).split("(?m)^---$")))
                .map(Manifests::yaml)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("canaries")
    void isAdmittedAndNothingInItIsWithoutEffect(JsonNode canary) {
        var read = CanaryReader.read(canary);

        assertThat(Admissions.admit(read.resource(), Installation.named("eu-1")))
                .isInstanceOfSatisfying(
                        Admission.Admitted.class,
                        admitted -> assertThat(admitted.unused()).isEmpty());
    }

    @Test
    void everyMeshHasOne() throws IOException {
        var shown =
                canaries().stream()
                        .map(canary -> Meshes.of(canary.at("/spec/provider").asText()))
                        .collect(Collectors.toSet());

        assertThat(Meshes.served().stream().map(Mesh::title).map(MeshGuideTest::group))
                .isSubsetOf(
                        shown.stream()
                                .map(Mesh::title)
                                .map(MeshGuideTest::group)
                                .collect(Collectors.toSet()));
    }

    /** Older versions of one interface share a section. */
    private static String group(String title) {
        return title.replaceFirst(" v1(alpha|beta)\\d$", "");
    }
}
