package dev.serinus.loadtester;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class HealthProtoTest {

    @TempDir Path folder;

    @Test
    void itIsWrittenWhereThereIsNone() throws IOException {
        Path file = folder.resolve("ghz/health.proto");

        HealthProto.write(file);
        HealthProto.write(file);

        assertThat(file)
                .content()
                .contains("package grpc.health.v1;")
                .contains("rpc Check(HealthCheckRequest) returns (HealthCheckResponse);");
    }

    @Test
    void oneThatIsThereStays() throws IOException {
        Path file = Files.writeString(folder.resolve("health.proto"), "mine");

        HealthProto.write(file);

        assertThat(file).hasContent("mine");
    }
}
