package dev.serinus.analysis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.serinus.analysis.rollout.gate.Claim;
import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.schemas.hook.Point;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

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

        assertThat(config.rules(CART, Map.of(), Instant.EPOCH).budgets())
                .containsExactly(
                        new Claim("all", "all", 10),
                        new Claim("europe", "europe/eu-1", 2),
                        new Claim("teams", "teams/eu-1/shop", 1));
    }

    @Test
    void aRuleIsAboutThoseThatHaveItsLabels() throws IOException {
        var config =
                read(
                        """
                        budgets:
                        - {name: databases, max: 1, scope: {labels: "tier=db,!legacy"}}
                        freezes:
                        - {name: weekend, cron: "0 18 * * FRI", for: 62h, scope: {labels: tier}}
                        """);

        assertThat(named(config.rules(CART, Map.of("tier", "db"), Instant.EPOCH)))
                .containsExactly("databases", "weekend");
        assertThat(named(config.rules(CART, Map.of("tier", "web"), Instant.EPOCH)))
                .containsExactly("weekend");
        assertThat(named(config.rules(CART, Map.of(), Instant.EPOCH))).isEmpty();
        assertThat(named(config.rules(CART, null, Instant.EPOCH)))
                .as("it may have them")
                .containsExactly("databases", "weekend");
    }

    @Test
    void aFreezeSaysWhereItHoldsOneOnlyAsItsLabelsAreNotKnown() throws IOException {
        var config =
                read(
                        """
                        freezes:
                        - {name: db, cron: "0 18 * * FRI", for: 62h, reason: dump, scope: {labels: tier=db}}
                        - {name: all, cron: "0 18 * * FRI", for: 62h, reason: dump}
                        """);

        assertThat(config.rules(CART, Map.of("tier", "db"), Instant.EPOCH).freezes())
                .extracting(Freeze::reason)
                .containsExactly("dump", "dump");
        assertThat(config.rules(CART, null, Instant.EPOCH).freezes())
                .extracting(Freeze::reason)
                .containsExactly(
                        "dump; the Canary's labels are not known, so that it holds as if it had"
                                + " those that are meant",
                        "dump");
    }

    private static List<String> named(FleetRules rules) {
        return Stream.concat(
                        rules.budgets().stream().map(Claim::budget),
                        rules.freezes().stream().map(Freeze::name))
                .toList();
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
                                        - {name: shop, max: many, scope: {labels: "tier=~db"}}
                                        - 3
                                        """))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fleet.yaml")
                .hasMessageContaining(
                        "budget is no field; they are [budgets, freezes, silentAfter]")
                .hasMessageContaining("budgets[0].name must be a name")
                .hasMessageContaining("budgets[0].max must be a number from 1 on, and is 0")
                .hasMessageContaining(
                        "budgets[0].per must be one of installation, cluster, namespace, and is"
                                + " planet")
                .hasMessageContaining("budgets[1].scope.cluster is no field")
                .hasMessageContaining("budgets[1].scope.clusters must be a list of texts")
                .hasMessageContaining("budgets[2].name: there is another 'shop'")
                .hasMessageContaining("budgets[2].max must be a number from 1 on, and is many")
                .hasMessageContaining(
                        "budgets[2].scope.labels must be a label selector such as"
                                + " app=shop,tier!=db, was 'tier=~db'")
                .hasMessageContaining("budgets[3] must have fields");
    }

    @Test
    void whoAsksForNothingSaysSo() throws IOException {
        assertThat(read("budgets: []").rules(CART, Map.of(), Instant.EPOCH))
                .isEqualTo(FleetRules.NONE);
    }

    @Test
    void whenAClusterIsSilentIsSaidOrFiveMinutes() throws IOException {
        assertThat(read("budgets: []").silentAfter()).isEqualTo(Duration.ofMinutes(5));
        assertThat(read("silentAfter: 20m").silentAfter()).isEqualTo(Duration.ofMinutes(20));
        for (String wrong : List.of("1m", "25h", "soon", "300")) {
            assertThatThrownBy(() -> read("silentAfter: " + wrong))
                    .hasMessageEndingWith(
                            "silentAfter must be a duration such as 5m, from 2m0s to 24h0m0s, and"
                                    + " is "
                                    + wrong);
        }
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

        assertThat(config.get().rules(CART, Map.of(), Instant.EPOCH).budgets()).hasSize(1);
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
        assertThat(config.get().rules(CART, Map.of(), Instant.EPOCH).budgets())
                .containsExactly(new Claim("a", "a", 2));
        Files.writeString(file, "budgets: 3");
        seconds.addAndGet(5);

        assertThat(config.get().rules(CART, Map.of(), Instant.EPOCH).budgets())
                .isEqualTo(List.of(new Claim("a", "a", 2)));
    }

    // ---- freezes

    private static final Instant SATURDAY = Instant.parse("2026-12-05T12:00:00Z");

    @Test
    void aFreezeHoldsWhatItSaysUntilItsEndInItsZone() throws IOException {
        var config =
                read(
                        """
                        freezes:
                        - name: weekend
                          scope: {clusters: ["eu-*"]}
                          cron: "0 18 * * FRI"
                          for: 62h
                          zone: Europe/Berlin
                          what: [promotions, starts]
                          reason: " nobody looks "
                        - name: christmas
                          from: 2026-12-20T00:00
                          to: 2027-01-02T00:00:00
                        - {name: others, scope: {clusters: [us]}, cron: "* * * * 1", for: 1h}
                        - {name: past, from: 2020-01-01T00:00, to: 2020-02-01T00:00}
                        """);

        assertThat(config.rules(CART, Map.of(), SATURDAY).freezes())
                .containsExactly(
                        new Freeze(
                                "weekend",
                                "nobody looks",
                                Instant.parse("2026-12-04T17:00:00Z"),
                                Instant.parse("2026-12-07T07:00:00Z"),
                                "Mon 2026-12-07 08:00 Europe/Berlin",
                                List.of(Point.START, Point.PROMOTE)),
                        new Freeze(
                                "christmas",
                                "",
                                Instant.parse("2026-12-20T00:00:00Z"),
                                Instant.parse("2027-01-02T00:00:00Z"),
                                "Sat 2027-01-02 00:00 UTC",
                                List.of(Point.values())));
    }

    @Test
    void noAnnotationPassesAFreezeThatDoesNotSayThatItMay() throws IOException {
        var config =
                read(
                        """
                        freezes:
                        - {name: night, cron: "0 0 * * *", for: 6h}
                        - {name: noon, cron: "0 12 * * *", for: 1h, passByAnnotation: true}
                        """);

        assertThat(config.rules(CART, Map.of(), SATURDAY).freezes())
                .extracting(Freeze::name, Freeze::byAnnotation)
                .containsExactlyInAnyOrder(tuple("night", false), tuple("noon", true));
    }

    @Test
    void whatCalendarsSayChangesWithTime() throws IOException {
        var config = read("freezes: [{name: night, cron: \"0 0 * * *\", for: 6h}]");

        assertThat(
                        List.of(
                                        "2026-12-05T05:59:59Z",
                                        "2026-12-05T06:00:00Z",
                                        "2026-12-05T05:00:00Z")
                                .stream()
                                .map(
                                        at ->
                                                config.rules(CART, Map.of(), Instant.parse(at))
                                                        .freezes()
                                                        .getFirst())
                                .map(Freeze::until))
                .containsExactly(
                        Instant.parse("2026-12-05T06:00:00Z"),
                        Instant.parse("2026-12-06T06:00:00Z"),
                        Instant.parse("2026-12-05T06:00:00Z"));
    }

    @Test
    void everyMistakeOfFreezesIsToldAtOnceByItsPath() {
        assertThatThrownBy(
                        () ->
                                read(
                                        """
                                        freezes:
                                        - {name: a, cron: "0 18 * *", for: 62h, zone: CEST, what: [all], colour: red}
                                        - {name: a, cron: "0 0 30 2 *", for: 40d, what: starts}
                                        - {name: b, from: 2026-12-20, to: 2026-12-19T00:00+01:00}
                                        - {name: c, from: 2026-12-20T00:00, to: 2026-12-20T00:00, reason: 3}
                                        - {name: d, from: 2026-12-20T00:00, to: 2028-12-20T00:00}
                                        - {name: e, from: 2026-12-20T00:00, cron: "0 0 * * *"}
                                        - {name: f}
                                        - {name: g, cron: "0 * * * *", for: 2h}
                                        - {name: h, cron: "0 1 * * *", for: 2h, passByAnnotation: yes please}
                                        - night
                                        """))
                .hasMessageContaining("freezes[0].cron: it has 4 fields")
                .hasMessageContaining("freezes[0].zone must be a name of the time zone database")
                .hasMessageContaining(
                        "freezes[0].what has all, and knows starts, advances, promotions")
                .hasMessageContaining("freezes[0].colour is no field")
                .hasMessageContaining("freezes[1].name: there is another 'a'")
                .hasMessageContaining("freezes[1].cron never begins: 0 0 30 2 *")
                .hasMessageContaining(
                        "freezes[1].for must be a duration such as 62h, from 1m0s to 744h0m0s, and"
                                + " is 40d")
                .hasMessageContaining("freezes[1].what must be a list")
                .hasMessageContaining("freezes[2].from must be a time such as")
                .hasMessageContaining("and is 2026-12-19T00:00+01:00")
                .hasMessageContaining("freezes[8].passByAnnotation must be true or false")
                .hasMessageContaining("freezes[3].to must be after from")
                .hasMessageContaining("freezes[3].reason must be a text")
                .hasMessageContaining("freezes[4].to must be within a year after from")
                .hasMessageContaining("freezes[5] needs either cron and for, or from and to")
                .hasMessageContaining("freezes[6] needs either cron and for, or from and to")
                .hasMessageContaining("freezes[7].for is so long that it begins again")
                .hasMessageContaining("freezes[9] must have fields");
    }

    private FleetConfig read(String yaml) throws IOException {
        return FleetFile.read(Files.writeString(files.resolve("fleet.yaml"), yaml));
    }
}
