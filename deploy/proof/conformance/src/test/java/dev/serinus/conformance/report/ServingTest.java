package dev.serinus.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServingTest {

    private static final String SERVES = "serves: {}";

    @Test
    void aShareWithoutReadyPodsIsFoundWithItsTimeAndLength() {
        var played = Script.atRest().route(5, 50).pod(8, "web", 1, true).route(9, 60).until(20);

        assertThat(Script.wrong(SERVES, played))
                .containsExactly(
                        "at 5.0 s for 3.0 s: virtualservices/web sends 50 % to web-canary, which"
                                + " has 0 ready pods");
    }

    @Test
    void whatLastsNoLongerThanTheGraceIsForgiven() {
        var played = Script.atRest().route(5, 50).pod(5.4, "web", 1, true).until(20);

        assertThat(Script.wrong(SERVES, played)).isEmpty();
        assertThat(Script.wrong("serves: {grace: 0.2}", played)).hasSize(1);
    }

    @Test
    void aServiceThatUsersCallAndThatGoesIsFoundUntilTheEnd() {
        var played = Script.atRest().gone(10, "services/web").until(14);

        assertThat(Script.wrong(SERVES, played))
                .containsExactly("at 10.0 s for 4.0 s: there is no Service web");
    }

    @Test
    void aPodThatTurnsUnreadyCountsAndOneThatGoesToo() {
        var played =
                Script.atRest()
                        .pod(10, "web-primary", 1, false)
                        .gone(11, "pods/web-primary-2")
                        .until(12);

        assertThat(Script.wrong(SERVES, played)).hasSize(1).first().asString().contains("11.0 s");
    }

    @Test
    void whatWasNeverServedYetIsNotFound() {
        var played = new Script().canary(0, "Initializing", 0).service(1, "web", "x").until(9);

        assertThat(Script.wrong(SERVES, played)).isEmpty();
    }

    @Test
    void aShareMayBeBoundUntilAHookWasAnswered() {
        var script = Script.atRest().pod(2, "web", 1, true).called(3, "/gate", 403).route(5, 100);
        String rule = "share: {of: web-canary, at-most: 0, until: hook /gate 200}";

        assertThat(Script.wrong(rule, script.until(9)))
                .containsExactly(
                        "at 5.0 s for 4.0 s: virtualservices/web sends 100 % to web-canary, which"
                                + " has 1 ready pods of web");
        var opened = Script.atRest().pod(2, "web", 1, true).called(4, "/gate", 200).route(5, 100);
        assertThat(Script.wrong(rule, opened.until(9))).isEmpty();
    }

    @Test
    void theGatewayApisWeightsCountAsIstiosDo() {
        var played = Script.atRest().gone(2, "virtualservices/web").httpRoute(3, 25).until(9);

        assertThat(Script.wrong(SERVES, played))
                .containsExactly(
                        "at 3.0 s for 6.0 s: httproutes/web sends 25 % to web-canary, which has 0"
                                + " ready pods");
    }

    @Test
    void aSelectorThatLeadsElsewhereIsFoundOnceForEachSpell() {
        var played =
                Script.atRest()
                        .service(5, "web", "web")
                        .service(6, "web", "web-primary")
                        .service(8, "web", "web")
                        .service(8.2, "web", "web-primary")
                        .until(9);

        assertThat(Script.wrong("selects: {service: web, owner: web-primary}", played))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("at 5.0 s for 1.0 s");
    }

    @Test
    void aBackendHasSoManyReadyPodsWheneverItHasTheShare() {
        var played = Script.atRest().pod(2, "web", 1, true).route(3, 90).route(6, 0).until(9);
        String rule =
                "pods: {of: web-primary, at-share: 90, at-least: %d, since: phase Initialized}";

        assertThat(Script.wrong(rule.formatted(2), played)).isEmpty();
        assertThat(Script.wrong(rule.formatted(3), played)).hasSize(2);
    }

    @Test
    void aServiceThatSelectsANeighboursPodsIsFound() {
        var played =
                Script.atRest()
                        .pod(2, "web", 1, true)
                        .service(3, "web-canary", "neighbour")
                        .pod(4, "neighbour", 1, true)
                        .until(9);

        assertThat(Script.wrong("apart: {}", played))
                .hasSize(1)
                .first()
                .asString()
                .contains("services/web-canary", "of neighbour");
    }
}
