package dev.serinus.notifier;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.runtime.KafkaSettings;

import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The notifier in a JVM of its own, which can be killed. */
final class NotifierProcess {

    private NotifierProcess() {}

    /**
     * Runs it until it is killed: address of the broker, address of the API server, and the
     * beginning from which on its clock runs faster, with how many times.
     */
    public static void main(String[] arguments) throws InterruptedException {
        // The one that comes next takes over at once, as a StatefulSet's pod does.
        var kafka =
                new KafkaSettings(
                        Map.of("bootstrap.servers", arguments[0], "group.instance.id", "only"));
        var client =
                new KubernetesClientBuilder()
                        .withConfig(new ConfigBuilder().withMasterUrl(arguments[1]).build())
                        .build();
        var service =
                new NotifierService(
                        Installation.named("lab"),
                        kafka,
                        client,
                        NotifierConfig.defaults(),
                        new SimpleMeterRegistry(),
                        clock(Instant.parse(arguments[2]), Integer.parseInt(arguments[3])));
        service.start();
        new CountDownLatch(1).await();
    }

    /** Never behind that of a process before it. */
    private static InstantSource clock(Instant begin, int times) {
        return () -> begin.plus(Duration.between(begin, Instant.now()).multipliedBy(times));
    }

    static Process start(String broker, String apiServer) throws IOException {
        return start(broker, apiServer, Instant.EPOCH, 1);
    }

    /** By a clock that runs so many times as fast from this beginning on. */
    static Process start(String broker, String apiServer, Instant begin, int times)
            throws IOException {
        return new ProcessBuilder(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                NotifierProcess.class.getName(),
                                broker,
                                apiServer,
                                begin.toString(),
                                String.valueOf(times)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
