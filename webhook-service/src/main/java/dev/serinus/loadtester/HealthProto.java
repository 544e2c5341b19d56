package dev.serinus.loadtester;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The health service of gRPC, for servers without reflection. Hooks name its file as it lies in the
 * image of Flagger's load tester: {@code ghz --proto=/tmp/ghz/health.proto
 * --call=grpc.health.v1.Health/Check}.
 */
final class HealthProto {

    /** Property that names the file; none is written without it. */
    static final String FILE = "serinus.loadtester.health-proto";

    private static final String TEXT =
            """
            syntax = "proto3";

            package grpc.health.v1;

            service Health {
              rpc Check(HealthCheckRequest) returns (HealthCheckResponse);
              rpc Watch(HealthCheckRequest) returns (stream HealthCheckResponse);
            }

            message HealthCheckRequest {
              string service = 1;
            }

            message HealthCheckResponse {
              enum ServingStatus {
                UNKNOWN = 0;
                SERVING = 1;
                NOT_SERVING = 2;
                SERVICE_UNKNOWN = 3;
              }
              ServingStatus status = 1;
            }
            """;

    private HealthProto() {}

    /**
     * Writes it at start, since a volume lies over what an image has at {@code /tmp}. One that is
     * there stays.
     */
    static void write(Path file) throws IOException {
        if (file.getParent() != null) {
            Files.createDirectories(file.getParent());
        }
        try {
            Files.write(file, TEXT.getBytes(UTF_8), StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException there) {
            // Of whoever mounts one, or of an earlier start.
        }
    }
}
