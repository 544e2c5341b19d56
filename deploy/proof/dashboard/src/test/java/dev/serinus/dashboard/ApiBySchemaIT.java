package dev.serinus.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.serinus.analysis.access.AccessConfig;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The API as a stranger asks it who has read its description: schemathesis makes up requests that
 * it allows and that it forbids, and holds the answers against it. {@code .ci/schemathesis}
 * installs it; without it this is skipped and says so.
 */
@Tag("long")
class ApiBySchemaIT {

    private static final Path DESCRIPTION =
            Path.of("..", "..", "..", "analysis-service", "docs", "openapi.yaml");

    /** Against a hang alone: a slow machine is no wrong answer. */
    private static final long LIMIT_MINUTES = 60;

    /** Nobody logs in, and one caller is all there is. */
    private static final AccessConfig ASKED_OFTEN =
            new AccessConfig(null, null, null, null, null, "sub", "groups", 100_000);

    @Test
    void everyAnswerIsAsTheDescriptionSays(@TempDir Path folder) throws Exception {
        String program = System.getProperty("serinus.schemathesis", "");
        assumeTrue(
                !program.isEmpty(),
                "no schemathesis: the API is not asked by its description (.ci/schemathesis)");
        Path told = folder.resolve("told");
        // A request that is too long is refused as well; schemathesis looks for this file here.
        Files.writeString(
                folder.resolve("schemathesis.toml"),
                """
                [checks]
                negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, "5xx"]
                """);
        int code;
        try (var fleet = new ServedFleet(ASKED_OFTEN)) {
            fleet.neighbours();
            fleet.checkout();
            fleet.runBefore();
            fleet.turned();
            fleet.setAside();
            fleet.ruled(folder);
            var asking =
                    new ProcessBuilder(
                                    List.of(
                                            program,
                                            "run",
                                            DESCRIPTION.toAbsolutePath().toString(),
                                            "--url",
                                            fleet.url(),
                                            // A stream does not end.
                                            "--exclude-path",
                                            "/api/v1/stream",
                                            // What a page said of the next is no text that one
                                            // could make up; any other is refused with 400.
                                            "--exclude-checks",
                                            "positive_data_acceptance",
                                            "--max-examples",
                                            "30",
                                            "--seed",
                                            "17",
                                            "--request-timeout",
                                            "120",
                                            "--no-color"))
                            .directory(folder.toFile()) // where it leaves notes of its own
                            .redirectErrorStream(true)
                            .redirectOutput(told.toFile())
                            .start();
            try {
                assertThat(asking.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES))
                        .as("it ended, after %s", Files.readString(told))
                        .isTrue();
                code = asking.exitValue();
            } finally {
                asking.descendants().forEach(ProcessHandle::destroyForcibly);
                asking.destroyForcibly();
            }
        }
        assertThat(code).as(Files.readString(told)).isZero();
    }
}
