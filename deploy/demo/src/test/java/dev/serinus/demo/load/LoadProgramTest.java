package dev.serinus.demo.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

class LoadProgramTest {

    @TempDir Path folder;

    @Test
    void heyGoesBeforeCurlAndNothingIsNothing() throws IOException {
        Path both = program(program(folder.resolve("both"), "curl"), "hey");
        Path curl = program(folder.resolve("curl"), "curl");

        assertThat(LoadProgram.on(both.toString())).contains(LoadProgram.HEY);
        assertThat(LoadProgram.on(":/no/such/folder:" + curl)).contains(LoadProgram.CURL);
        assertThat(LoadProgram.on("")).isEmpty();
    }

    private static Path program(Path directory, String name) throws IOException {
        Path file = Files.createDirectories(directory).resolve(name);
        assertThat(Files.writeString(file, "").toFile().setExecutable(true)).isTrue();
        return directory;
    }

    @Test
    void theLoopAroundCurlSaysItsNumbersOnALineOfItsOwn() throws Exception {
        assumeTrue(LoadProgram.on(System.getenv("PATH")).isPresent(), "SKIPPED: there is no curl");
        var count = new AtomicInteger();
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    int status = count.incrementAndGet() % 4 == 0 ? 500 : 200;
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        server.start();
        try {
            var address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            Process run =
                    new ProcessBuilder("bash", "-c", LoadProgram.CURL.command(address))
                            .redirectErrorStream(true)
                            .start();
            String output = new String(run.getInputStream().readAllBytes(), UTF_8);

            assertThat(output)
                    .matches(
                            "Serinus-Test-Report: tool=curl, requests=60, errors=15,"
                                    + " p50-ms=[0-9.]+, p95-ms=[0-9.]+, p99-ms=[0-9.]+\n");
            assertThat(run.waitFor()).isZero();
        } finally {
            server.stop(0);
        }
    }
}
