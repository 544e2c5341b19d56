package dev.serinus.router.route.alb;

import static dev.serinus.router.route.alb.AlbTestBase.ACTIONS;
import static dev.serinus.router.route.alb.AlbTestBase.IP;
import static dev.serinus.router.route.alb.AlbTestBase.action;
import static dev.serinus.router.route.alb.AlbTestBase.forward;
import static dev.serinus.router.route.alb.AlbTestBase.sticky;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.route.KnownObjects;
import dev.serinus.router.route.Split;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was there comes back, also with its user's edits in between; others keep their share. */
class AlbGivingBackTest {

    private static final String DIRECT = "/ podinfo 80";
    private static final String USED = "/ web use-annotation";

    /** Else the controller would answer 503 for ever: there is no such action. */
    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "{\"type\": \"fixed-response\"}"})
    void theActionThatWasMadeIsGivenBackThoughSomebodyTookItAway(String action) {
        var shop = new AlbTestBase("{port: 80}").ingress(IP, DIRECT);
        var theirs = shop.live();
        shop.shift(30);
        shop.edit(
                it -> {
                    it.withoutAnnotations((ACTIONS + "podinfo")::equals);
                    if (!action.isEmpty()) {
                        it.annotate(ACTIONS + "podinfo", action);
                    }
                });

        shop.giveBack();

        assertThat(shop.live()).isEqualTo(theirs);
    }

    @Test
    void theActionThatWasMadeGoesThoughNoBackendUsesItAnyMore() {
        var shop = new AlbTestBase("{port: 80}").ingress(IP, DIRECT, "/blog blog 80");
        shop.shift(30);
        shop.edit(it -> ((ArrayNode) it.spec().at("/rules/0/http/paths")).remove(0));

        shop.giveBack();

        assertThat(shop.live().annotations()).containsOnlyKeys(IP.split(":")[0]);
        shop.ingress(IP, DIRECT);
        KnownObjects.check(shop.route, shop.objects);
    }

    @Test
    void anActionOfTheUsersThatWasTakenAwayUnderABackendComesBack() {
        var shop =
                new AlbTestBase("{port: 80}").ingress(IP + ", " + action("web", "podinfo 1"), USED);
        var theirs = shop.live();
        shop.shift(30);
        shop.edit(it -> it.withoutAnnotations((ACTIONS + "web")::equals));

        shop.giveBack();

        assertThat(shop.live()).isEqualTo(theirs);
    }

    /** As when a chart is installed again: the rules are the user's, the annotations stay. */
    @Test
    void whatItsUserAddedToTheActionStaysWhenTheRulesArePutBack() {
        var shop = new AlbTestBase("{port: 80}").ingress(IP, DIRECT);
        var rules = shop.live().at("/spec").deepCopy();
        shop.shift(30);
        shop.edit(
                it ->
                        it.annotate(
                                        ACTIONS + "podinfo",
                                        forward(
                                                ", \"x\": 1",
                                                "podinfo-primary 70",
                                                "podinfo-canary 30",
                                                "legacy 50"))
                                .put("spec", rules));

        shop.shift(60);

        assertThat(shop.groups("podinfo"))
                .containsExactly("podinfo-primary 40", "podinfo-canary 60", "legacy 50");
        assertThat(shop.live().annotation(ACTIONS + "podinfo")).contains("\"x\":1");
        assertThat(shop.port(0)).isEqualTo("use-annotation");
    }

    @Test
    void anotherPortThatItsUserLeadsEverythingToIsTheActionsPort() {
        var shop = new AlbTestBase("{port: 80, portName: web}").ingress(IP, DIRECT);
        shop.shift(30);
        shop.edit(
                it ->
                        ((ObjectNode) it.spec().at("/rules/0/http/paths/0/backend/service"))
                                .putObject("port")
                                .put("name", "web"));

        shop.shift(30);

        assertThat(shop.live().annotation(ACTIONS + "podinfo"))
                .contains("\"servicePort\":\"web\"")
                .doesNotContain("80");
        shop.giveBack();
        assertThat(shop.port(0)).isEqualTo("web");
    }

    /** As while a port is moved. */
    @Test
    void aTargetGroupWithoutWeightIsNotWhatTheSidesAreMadeFrom() {
        var shop =
                new AlbTestBase("{port: 80, portName: web}")
                        .ingress(
                                "%s, %sweb: '%s'"
                                        .formatted(
                                                IP,
                                                ACTIONS,
                                                forward("", "podinfo 1", "podinfo 0")
                                                        .replace(
                                                                "80, \"weight\": 0",
                                                                "\"web\", \"weight\": 0")),
                                USED);
        shop.shift(30);

        assertThat(shop.live().annotation(ACTIONS + "web"))
                .contains("\"servicePort\":80")
                .doesNotContain("\"servicePort\":\"web\"");
    }

    @Test
    void somebodysPreviewOfTheCanaryIsNoReleaseAndStays() {
        var shop =
                new AlbTestBase("{port: 80}")
                        .ingress(
                                IP + ", " + action("preview", "podinfo-canary 1"),
                                DIRECT,
                                "/preview preview use-annotation");
        var theirs = shop.live();

        assertThat(shop.route.current(shop.objects::get)).isEmpty();
        shop.shift(30);
        assertThat(shop.groups("preview")).containsExactly("podinfo-canary 1");
        assertThat(shop.route.current(shop.objects::get)).hasValue(Split.of(30));
        shop.giveBack();
        assertThat(shop.live()).isEqualTo(theirs);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 30, 100})
    void aSmallShareOfOthersIsStillSmall(int weight) {
        var shop =
                new AlbTestBase("{port: 80}")
                        .ingress(IP + ", " + action("web", "podinfo 999", "legacy 1"), USED);
        var theirs = shop.live();

        shop.shift(weight);

        assertThat(shop.groups("web"))
                .containsExactly(
                        "podinfo-primary " + 9 * (100 - weight),
                        "podinfo-canary " + 9 * weight,
                        "legacy 1");
        var once = shop.live();
        shop.shift(weight);
        assertThat(shop.live()).isEqualTo(once);
        shop.giveBack();
        assertThat(shop.live()).isEqualTo(theirs);
    }

    /** Whatever else would not be taken by AWS, it would keep the canary's share. */
    @Test
    void takingTrafficFromTheCanaryChangesNoOtherWeight() {
        var shop =
                new AlbTestBase("{port: 80}")
                        .ingress(IP + ", " + action("web", "podinfo 1", "legacy 1"), USED);
        shop.shift(30);
        shop.edit(
                it ->
                        it.annotate(
                                ACTIONS + "web",
                                forward(
                                        "",
                                        "podinfo-primary 1",
                                        "podinfo-canary 1",
                                        "legacy 900")));

        shop.route.withoutCanary(shop.objects::get).forEach(change -> shop.put(change.desired()));

        assertThat(shop.groups("web"))
                .containsExactly("podinfo-primary 2", "podinfo-canary 0", "legacy 900");
    }

    /** AWS takes five: who is to have requests is named ahead, who is to have none later. */
    @Test
    void whereFewFindRoomThoseWithAShareAreNamedAhead() {
        var shop =
                new AlbTestBase("{port: 80}")
                        .ingress(IP + ", " + action("web", "podinfo 1", "a 1", "b 1", "c 1"), USED);
        var theirs = shop.live();
        shop.shift(0);
        var ours = shop.live();

        var ahead = theirs.edited(shop.route.naming(theirs, ours).orElseThrow());
        var behind = ours.edited(shop.route.naming(ours, theirs).orElseThrow());

        assertThat(AlbTestBase.groups(ahead, "web"))
                .containsExactly("podinfo 1", "a 1", "b 1", "c 1", "podinfo-primary 0");
        assertThat(AlbTestBase.groups(behind, "web"))
                .containsExactly("podinfo-primary 100", "a 100", "b 100", "c 100", "podinfo 0");
    }

    /** Clients stay with it else when it has no pods; at first it has none yet. */
    @Test
    void whereClientsStayTheCanaryIsNamedBeforeItsFirstShare() {
        var shop =
                new AlbTestBase("{port: 80}").ingress(IP + ", " + sticky("web", "podinfo 1"), USED);
        shop.shift(0);
        var rest = shop.live();
        shop.shift(10);

        var ahead = rest.edited(shop.route.naming(rest, shop.live()).orElseThrow());

        assertThat(AlbTestBase.groups(ahead, "web"))
                .containsExactly("podinfo-primary 100", "podinfo-canary 0");
    }
}
