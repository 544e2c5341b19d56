package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

class MetricsServerCheckTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void oneThatDoesNotAnswerIsKnownBeforeAnythingIsReleasedAndUntilItDoes() throws Exception {
        var status = new AtomicInteger(503);
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/api/v1/query",
                exchange -> {
                    try (exchange) {
                        exchange.sendResponseHeaders(status.get(), -1);
                    }
                });
        server.start();
        String address = "http://ada:s3cr3t@127.0.0.1:" + server.getAddress().getPort();
        try (var check = new MetricsServerCheck(address, meters)) {
            check.look();
            assertThat(check.trouble()).isEqualTo("HTTP 503");
            assertThat(check.address()).doesNotContain("s3cr3t", "ada");
            assertThat(up()).isZero();

            status.set(200);
            check.look();
            assertThat(check.trouble()).isNull();
            assertThat(up()).isOne();

            server.stop(0);
            check.look();
            assertThat(check.trouble()).isEqualTo("no connection");
            assertThat(up()).isZero();
        }
    }

    @Test
    void aNameThatNobodyKnowsIsSaidToBeOne() {
        try (var check = new MetricsServerCheck("http://prometheus.invalid:9090", meters)) {
            check.look();
            assertThat(check.trouble()).isEqualTo("the name prometheus.invalid is not known");
        }
    }

    private double up() {
        return meters.get("serinus.metrics.server.up").gauge().value();
    }
}
