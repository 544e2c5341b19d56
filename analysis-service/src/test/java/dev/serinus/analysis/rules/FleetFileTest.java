package dev.serinus.analysis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

class FleetFileTest {

    private static final CanaryKey CART = new CanaryKey("eu-1", "shop", "cart");

    @TempDir Path files;

    @Test
    void aBudgetCountsTogetherWhatItSays() throws IOException {
        var config =
                read(
                        """
                        budgets:
                        - {name: all, max: 10}
                        - name: europe
                          max: 2
                          per: cluster
                          scope: {clusters: ["eu-*"]}
                        - {name: teams, max: 1, per: namespace}
                        - name: others
                          max: 1
                          scope: {namespaces: [pay], canaries: ["*"]}
                        """);

        assertThat(config.rules(CART).budgets())
                .containsExactly(
                        new Claim("all", "all", 10),
                        new Claim("europe", "europe/eu-1", 2),
                        new Claim("teams", "teams/eu-1/shop", 1));
    }

    @Test
    void everyMistakeIsToldAtOnceByItsPath() {
        assertThatThrownBy(
                        () ->
                                read(
                                        """
                                        budget: []
                                        budgets:
                                        - {name: Shop, max: 0, per: planet}
                                        - {name: shop, max: 1, scope: {cluster: eu, clusters: eu}}
                                        - {name: shop, max: many}
                                        - 3
                                        """))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fleet.yaml")
                .hasMessageContaining("budget is no field; they are [budgets]")
                .hasMessageContaining("budgets[0].name must be a name")
                .hasMessageContaining("budgets[0].max must be a number from 1 on, and is 0")
                .hasMessageContaining(
                        "budgets[0].per must be one of installation, cluster, namespace, and is"
                                + " planet")
                .hasMessageContaining("budgets[1].scope.cluster is no field")
                .hasMessageContaining("budgets[1].scope.clusters must be a list of texts")
                .hasMessageContaining("budgets[2].name: there is another 'shop'")
                .hasMessageContaining("budgets[2].max must be a number from 1 on, and is many")
                .hasMessageContaining("budgets[3] must have fields");
    }

    @Test
    void whoAsksForNothingSaysSo() throws IOException {
        assertThat(read("budgets: []").rules(CART)).isEqualTo(FleetRules.NONE);
    }

    @Test
    void whatIsCutOffOrWrittenTwiceLiftsNoBudget() {
        for (String cut : List.of("budgets:", "{}")) {
            assertThatThrownBy(() -> read(cut))
                    .hasMessageEndingWith(
                            "budgets must be a list; write budgets: [] where nothing is asked");
        }
        assertThatThrownBy(() -> read("budgets: [{name: a, max: 1}]\nbudgets: []"))
                .hasMessageContaining("duplicate key budgets");
    }

    @Test
    void anEmptyFileLiftsNoBudget() throws IOException {
        var time = new AtomicLong();
        Path file = Files.writeString(files.resolve("fleet.yaml"), "budgets: [{name: a, max: 1}]");
        var config = FleetFile.following(file, () -> Instant.ofEpochSecond(time.get()));

        Files.writeString(file, "");
        time.addAndGet(6);

        assertThat(config.get().rules(CART).budgets()).hasSize(1);
        assertThatThrownBy(() -> FleetFile.read(file))
                .hasMessageEndingWith("it is empty; write budgets: [] where nothing is asked");
    }

    @Test
    void anEditCountsAndAMistakenOneChangesNothing() throws IOException {
        Path file = Files.writeString(files.resolve("fleet.yaml"), "budgets: [{name: a, max: 1}]");
        var seconds = new AtomicLong();
        var config = FleetFile.following(file, () -> Instant.ofEpochSecond(seconds.get()));

        Files.writeString(file, "budgets: [{name: a, max: 2}]");
        seconds.addAndGet(5);
        assertThat(config.get().rules(CART).budgets()).containsExactly(new Claim("a", "a", 2));
        Files.writeString(file, "budgets: 3");
        seconds.addAndGet(5);

        assertThat(config.get().rules(CART).budgets()).isEqualTo(List.of(new Claim("a", "a", 2)));
    }

    private FleetConfig read(String yaml) throws IOException {
        return FleetFile.read(Files.writeString(files.resolve("fleet.yaml"), yaml));
    }
}
