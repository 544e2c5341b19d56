package dev.serinus.schemas.shell;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Objects;

/** What the processes' own logback.xml makes of what is logged. */
class LogConfigurationTest {

    private static final String DECISIONS = "dev.serinus.decisions";

    private final LoggerContext context = new LoggerContext();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream before = System.out;

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(written, true, UTF_8));
    }

    @AfterEach
    void close() {
        context.stop();
        System.setOut(before);
    }

    private void configure(String format) throws JoranException {
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.putProperty("SERINUS_LOG_FORMAT", format);
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(
                Objects.requireNonNull(getClass().getResource("/logback.xml"), "logback.xml"));
    }

    private List<String> lines() {
        return written.toString(UTF_8).lines().toList();
    }

    @Test
    void jsonHasOneFieldForEachKeyAndTheMessageAsItReads() throws Exception {
        // Given
        configure("json");
        // When
        context.getLogger("dev.serinus.router.Drift")
                .atWarn()
                .addKeyValue("canary", new CanaryKey("prod", "shop", "api"))
                .addKeyValue("step", 12)
                .log("{} was put back", "weight");
        // Then
        assertThat(lines()).hasSize(1);
        JsonNode line = new ObjectMapper().readTree(lines().getFirst());
        assertThat(line.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("ts", "level", "logger_name", "msg", "canary", "step");
        assertThat(line.path("msg").asText()).isEqualTo("weight was put back");
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("canary").asText()).isEqualTo("prod/shop/api");
        assertThat(line.path("step").asInt()).isEqualTo(12);
        assertThat(line.path("ts").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d.*");
    }

    @Test
    void aDecisionIsOneLineOfJsonWithItsKeys() throws Exception {
        // Given
        configure("json");
        // When
        context.getLogger(DECISIONS).atInfo().addKeyValue("rollout", 3).log("Advance to 20");
        // Then
        assertThat(lines()).hasSize(1);
        assertThat(new ObjectMapper().readTree(lines().getFirst()).path("rollout").asInt())
                .isEqualTo(3);
    }

    /** Every list of Canaries would say it, and nobody could do anything about it. */
    @Test
    void thatOurDefinitionsAreBetaIsNoNews() throws Exception {
        configure("json");

        context.getLogger("io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils")
                .warn("The client is using resource type 'canaries' with unstable version");
        context.getLogger("io.fabric8.kubernetes.client.Other").warn("told");

        assertThat(lines()).singleElement().asString().contains("told");
    }

    @Test
    void aTraceIsInTheLineOfItsEvent() throws Exception {
        // Given
        configure("json");
        // When
        context.getLogger("dev.serinus.router.Drift")
                .error("failed", new IllegalStateException("x"));
        // Then
        assertThat(lines()).hasSize(1);
        assertThat(new ObjectMapper().readTree(lines().getFirst()).path("stack_trace").asText())
                .startsWith("java.lang.IllegalStateException: x")
                .contains("LogConfigurationTest");
    }

    @Test
    void atATerminalADecisionIsASentenceAndAllElseHasItsKeys() throws Exception {
        // Given
        configure("text");
        // When
        context.getLogger(DECISIONS).atInfo().addKeyValue("rollout", 3).log("Advance to 20");
        context.getLogger("dev.serinus.router.Drift")
                .atWarn()
                .addKeyValue("canary", "a/b/c")
                .log("put back");
        // Then
        assertThat(lines()).hasSize(2);
        assertThat(lines().getFirst()).endsWith("INFO  Advance to 20");
        assertThat(lines().getLast()).endsWith("WARN  put back canary=\"a/b/c\"");
    }
}
