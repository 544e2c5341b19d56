package dev.serinus.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.cli.Main;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** plan with a fleet file: what waits for what when all are released at one moment. */
class PlanTogetherTest {

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aBudgetLetsThemGoOneAfterTheOther() throws IOException {
        write("cart.yaml", canary("cart", ""));
        write("pay.yaml", canary("pay", ""));
        write("fleet.yaml", "budgets:\n- {name: all, max: 1}\n");

        assertThat(plan("fleet.yaml", "2026-12-01T09:00:00Z", "cart.yaml", "pay.yaml")).isZero();

        assertThat(out.toString())
                .contains("All released at 2026-12-01T09:00:00Z, at best, with ")
                .containsPattern("\n  0s +3m0s +shop/cart *\n")
                .containsPattern(
                        "\n  3m\\S+ +6m\\S+ +shop/pay +from 0s: a budget: 1 of 1 in all:"
                                + " plan/shop/cart; place 1 in the line");
    }

    @Test
    void aFreezeKeepsThemUntilItIsOver() throws IOException {
        write("cart.yaml", canary("cart", ""));
        write(
                "fleet.yaml",
                """
                freezes:
                - {name: weekend, cron: "0 18 * * FRI", for: 62h, what: [starts]}
                """);

        plan("fleet.yaml", "2026-12-04T20:00:00Z", "cart.yaml");

        assertThat(out.toString())
                .containsPattern(
                        "\n  60h0m0s +60h3m0s +shop/cart +from 0s: the end of freeze weekend at Mon"
                                + " 2026-12-07 08:00 UTC");
    }

    @Test
    void anAnnotationLetsThemPassAFreezeThatAllowsIt() throws IOException {
        write(
                "cart.yaml",
                canary("cart", "")
                        .replace(
                                "namespace: shop}",
                                "namespace: shop, annotations: {serinus.dev/pass-freeze: \"weekend:"
                                        + " why\"}}"));
        write(
                "fleet.yaml",
                """
                freezes:
                - {name: weekend, cron: "0 18 * * FRI", for: 62h, passByAnnotation: true}
                """);

        plan("fleet.yaml", "2026-12-04T20:00:00Z", "cart.yaml");

        assertThat(out.toString()).containsPattern("\n  0s +3m0s +shop/cart *\n");
    }

    @Test
    void oneRegionBeginsAfterTheOther() throws IOException {
        write("us.yaml", canary("api", ""));
        write("eu.yaml", canary("api", "after: [{cluster: us, name: api, soak: 10m}]"));
        write("fleet.yaml", "budgets: []\n");

        plan("fleet.yaml", "2026-12-01T09:00:00Z", "eu=eu.yaml", "us=us.yaml");

        assertThat(out.toString())
                .containsPattern("\n  0s +3m0s +us/shop/api *\n")
                .containsPattern(
                        "\n"
                            + "  13m\\S+ +16m\\S+ +eu/shop/api +from 0s: us/shop/api to be promoted"
                            + " with this release");
    }

    @Test
    void aGroupIsPromotedTogether() throws IOException {
        write("cart.yaml", canary("cart", "group: {name: g, members: [{name: pay}]}"));
        write(
                "pay.yaml",
                canary("pay", "group: {name: g, members: [{name: cart}]}")
                        .replace("maxWeight: 50", "maxWeight: 100"));
        write("fleet.yaml", "budgets: []\n");

        plan("fleet.yaml", "2026-12-01T09:00:00Z", "cart.yaml", "pay.yaml");

        assertThat(out.toString())
                .containsPattern("\n  0s +\\S+ +shop/cart +from 2m0s: its group g, until ");
    }

    @Test
    void asJsonEachSaysWhenItBegins() throws IOException {
        write("cart.yaml", canary("cart", ""));
        write("pay.yaml", canary("pay", ""));
        write("fleet.yaml", "budgets:\n- {name: all, max: 1}\n");

        run(
                "plan",
                "-o",
                "json",
                "--fleet",
                file("fleet.yaml"),
                file("cart.yaml"),
                file("pay.yaml"));

        var plans = new ObjectMapper().readTree(out.toString());
        assertThat(plans.get(0).at("/together/beginsMillis").asLong()).isZero();
        assertThat(plans.get(1).at("/together/beginsMillis").asLong()).isGreaterThan(100_000);
        assertThat(plans.get(1).at("/together/waits/0").asText()).contains("a budget: 1 of 1");
    }

    @Test
    void aFleetFileWithMistakesIsRefusedWithAllOfThem() throws IOException {
        write("cart.yaml", canary("cart", ""));
        write("fleet.yaml", "budgets:\n- {name: A, max: 0}\n");

        assertThat(plan("fleet.yaml", "soon", "cart.yaml")).isPositive();
        assertThat(plan("fleet.yaml", "2026-12-01T09:00:00Z", "cart.yaml")).isPositive();

        assertThat(err.toString())
                .contains("--at must be a time with its zone")
                .contains("budgets[0].name")
                .contains("budgets[0].max");
    }

    private static String canary(String name, String spec) {
        return """
        apiVersion: flagger.app/v1beta1
        kind: Canary
        metadata: {name: %1$s, namespace: shop}
        spec:
          targetRef: {apiVersion: apps/v1, kind: Deployment, name: %1$s}
          service: {port: 80}
          %2$s
          analysis: {interval: 1m, threshold: 2, stepWeight: 25, maxWeight: 50}
        """
                .formatted(name, spec.isEmpty() ? "suspend: false" : spec);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private String file(String name) {
        int cluster = name.indexOf('=') + 1;
        return name.substring(0, cluster) + folder.resolve(name.substring(cluster));
    }

    private int plan(String fleet, String at, String... files) {
        return run(
                Stream.concat(
                                Stream.of("plan", "--fleet", file(fleet), "--at", at),
                                Stream.of(files).map(this::file))
                        .toArray(String[]::new));
    }

    private int run(String... arguments) {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
