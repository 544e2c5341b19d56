package dev.serinus.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import static dev.serinus.dashboard.ServedFleet.CHECKOUT;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.access.BrowserLogin;
import dev.serinus.analysis.access.LoginConfig;
import dev.serinus.analysis.access.OidcProvider;
import dev.serinus.analysis.keptgate.KeptGate;
import dev.serinus.analysis.keptgate.KeptGateKind;
import dev.serinus.analysis.letter.LetterId;
import dev.serinus.broker.FreePort;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** What people see in the dashboard, and do there. */
@Timeout(120)
class DashboardIT {

    private static final String ONE = "/#/rollouts/production-eu/shop/checkout";
    private static final Page.GetByTextOptions EXACTLY = new Page.GetByTextOptions().setExact(true);
    private static @Nullable Chromium chromium;

    @TempDir Path files;

    private @Nullable ServedFleet fleet;
    private @Nullable Page page;
    private @Nullable LetterId letter;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() {
        chromium = Chromium.start();
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void serve() {
        serve(AccessConfig.NONE);
    }

    private void serve(AccessConfig access) {
        close();
        serve(new ServedFleet(access));
    }

    private void serve(ServedFleet served) {
        fleet = served;
        fleet.neighbours();
        fleet.checkout();
        fleet.runBefore();
        fleet.turned();
        fleet.alerted();
        fleet.audited();
        letter = fleet.setAside();
        page = browser().page(new Browser.NewContextOptions());
        page.onRequest(request -> asked.add(request.url()));
    }

    @AfterEach
    void close() {
        if (page != null) {
            page.context().close();
        }
        if (fleet != null) {
            fleet.close();
        }
    }

    @AfterEach
    void nobodyElseWasAskedAndNothingWasComplainedOf() {
        assertThat(asked)
                .allMatch(
                        url ->
                                URI.create(url).getHost().equals("127.0.0.1")
                                        || url.startsWith("blob:"));
        assertThat(browser().complaints()).isEmpty();
    }

    // ---- what is seen

    @Test
    void aChangeIsSeenWithoutLoadingThePageAgain() {
        open(ONE);
        assertThat(page().locator(".sentence")).containsText("approval of more traffic");

        fleet().put(
                        CHECKOUT,
                        ServedFleet.state(CHECKOUT, "Progressing")
                                .setCanaryWeight(60)
                                .setSequence(99)
                                .setWaitingFor("another try after a failed check"));

        assertThat(page().locator(".sentence")).containsText("another try after a failed check");
        assertThat(page().locator(".now-traffic .share")).hasText("60 %");
    }

    @Test
    void whatNeedsPeopleStandsFirstAndNewTroubleIsSeenAtOnce() {
        open("/");
        assertThat(page().locator(".headline")).hasText("4 of 25 need people");
        assertThat(rows().first()).containsText("payments");

        var cart = new CanaryKey("production-eu", "platform", "cart");
        fleet().put(cart, ServedFleet.state(cart, "Failed").setCanaryWeight(20));

        assertThat(page().locator(".headline")).hasText("5 of 25 need people");
        assertThat(rows().first()).containsText("cart");
        fleet().view.state(cart, null);
        assertThat(page().locator(".headline")).hasText("4 of 24 need people");
    }

    @Test
    void whyItWasTakenBackAndOfWhichImageIsSeenInOneLook() {
        String why = "taken back: request-success-rate 91.2 < 99 (5 failed checks)";
        open("/");
        assertThat(rows().first().locator(".now")).containsText(why);

        open("/#/rollouts/production-us/shop/payments");

        assertThat(page().locator(".sentence")).containsText(why);
        assertThat(page().locator(".facts")).containsText("payments:4.2.0");
        assertThat(page().locator(".facts")).containsText("payments:4.1.7");
    }

    @Test
    void whatRunsWhereIsFoundByItsImage() {
        open("/#/where?q=payments:4.1.7");

        assertThat(page().locator("tbody th")).hasText("shop/payments");
        assertThat(page().locator("tbody td").first()).containsText("payments:4.1.7");
    }

    @Test
    void aSearchIsPartOfTheAddress() {
        open("/");
        page().locator("input[type=search]").fill("pay");
        assertThat(rows()).hasCount(3);
        String address = page().url();

        page().navigate("about:blank");
        page().navigate(address);

        assertThat(rows()).hasCount(3);
        assertThat(page().locator("input[type=search]")).hasValue("pay");
    }

    @Test
    void theTimelineShowsWeightAndMetricsAndPointingAtItTheEvidence() {
        open(ONE);
        assertThat(page().locator(".plot canvas")).hasCount(4);

        page().locator(".plot[data-of=request-success-rate] .u-over").hover();

        assertThat(page().locator(".pointed")).not().containsText("The latest");
        page().locator(".pointed button", new Page.LocatorOptions().setHasText("earlier")).click();
        assertThat(page().locator(".pointed strong")).isVisible();
    }

    @Test
    void anInfiniteValueIsShownAndTheButtonsStay() {
        // Its name is that of another line, which is drawn of the rollout itself.
        var check = ServedFleet.evidence("weight", Double.POSITIVE_INFINITY, 1.0, null);
        fleet().event(
                        CHECKOUT,
                        90,
                        "StepPassed",
                        50,
                        "all checks passed",
                        Instant.now(),
                        List.of(check));
        open(ONE);

        assertThat(page().locator(".pointed .evidence")).containsText("the value is +Inf");
        assertThat(page().locator(".acts button.danger")).isVisible();
        assertThat(page().locator(".plot[data-of=weight] canvas")).hasCount(1);
        assertThat(page().locator(".plot[data-weight] canvas")).hasCount(1);
    }

    @Test
    void anAddressThatNobodyCanReadAndAStateWithoutWordsLeaveNoEmptyPage() {
        var odd = new CanaryKey("production-eu", "shop", "odd");
        fleet().put(odd, ServedFleet.state(odd, ""));

        open("/#/rollouts/production-eu/shop/%");
        assertThat(page().locator("h1")).hasText("%");
        open("/#/fleet?q=odd");
        assertThat(rows()).hasCount(1);
    }

    @Test
    void whatUsersWroteIsNeverHtml() {
        String evil = "<img src=x onerror=alert(1)><b>bold</b>";
        var odd = new CanaryKey("production-eu", "shop", "odd");
        fleet().put(
                        odd,
                        ServedFleet.state(odd, "Progressing")
                                .setWaitingFor(evil)
                                .setRevision(evil));

        open("/#/fleet?q=odd");
        assertThat(rows().first()).containsText(evil);
        open("/#/rollouts/production-eu/shop/odd");

        assertThat(page().locator(".sentence")).containsText(evil);
        assertThat(page().locator("main img, main b")).hasCount(0);
    }

    @Test
    void aLostConnectionIsSaid() {
        open("/");
        assertThat(rows().first()).isVisible();

        page().context().setOffline(true);
        fleet().close();

        assertThat(page().locator(".stale")).containsText("not current");
        assertThat(rows().first()).isVisible();
    }

    @Test
    void aPageThatComesBackIntoSightIsLiveOnlyWhenSomethingIsHeard() {
        page().clock().install();
        open("/");
        assertThat(page().locator(".live")).hasText("Live");
        page().route(url -> url.contains("/api/v1/stream"), _ -> {}); // nobody answers

        seen(false);
        assertThat(page().locator(".live")).hasText("Connecting…");
        seen(true);
        page().clock().fastForward(51_000);

        assertThat(page().locator(".stale")).containsText("nothing was heard for 45 s");
        assertThat(page().locator(".live")).hasText("Not current");
    }

    private void seen(boolean seen) {
        page().evaluate(
                        "hidden => { Object.defineProperty(document, 'hidden', {value: hidden,"
                                + " configurable: true}); document.dispatchEvent(new"
                                + " Event('visibilitychange')); }",
                        !seen);
    }

    @Test
    void whatHappenedIsTakenAlongAsATable() throws IOException {
        open("/#/history?all");
        assertThat(page().locator("table.list tbody tr")).hasCount(16);

        Download download = page().waitForDownload(() -> page().getByText("Export CSV").click());
        List<String> lines = Files.readAllLines(download.path());

        assertThat(lines).hasSize(17);
        assertThat(lines.getFirst()).startsWith("at,cluster,namespace,name,run");
        assertThat(lines).anyMatch(line -> line.contains(",ada,pause,done,"));
    }

    private static final String CART =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: cart, namespace: shop}
            spec:
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
              service: {port: 80}
              analysis: {interval: 1m, threshold: 2, stepWeight: 25, maxWeight: 50, metrics: [{name: request-success-rate, thresholdRange: {min: 99}}]}
            """;

    @Test
    void aPastedManifestIsPlannedAndItsMistakesAreToldWithTheirLines() {
        open("/#/plan");
        page().locator("textarea").fill(CART);
        page().getByText("Show the plan", EXACTLY).click();

        assertThat(page().locator("#planned-title")).hasText("shop/cart, by istio");
        assertThat(page().locator("#planned-title")).isFocused();
        assertThat(
                        page().locator("[role=status]")
                                .filter(
                                        new Locator.FilterOptions()
                                                .setHasText("The plan is below")))
                .hasCount(1);
        assertThat(page().locator("[role=status] table")).hasCount(0);
        assertThat(
                        page().locator(
                                        "table.list tbody tr",
                                        new Page.LocatorOptions().setHasText("25 %"))
                                .first())
                .isVisible();
        assertThat(new AxeBuilder(page()).setLegacyMode(true).analyze().getViolations()).isEmpty();

        page().locator("textarea").fill(CART.replace("stepWeight: 25", "stepWeight: 250"));
        page().getByText("Show the plan", EXACTLY).click();
        assertThat(page().locator("[role=alert] li"))
                .containsText("Line 7: /spec/analysis/stepWeight");

        page().locator("textarea").fill(CART.replace("maxWeight", "maxWeigth"));
        page().getByText("Show the plan", EXACTLY).click();
        assertThat(page().locator("section[aria-labelledby=planned-title] li"))
                .containsText("is maxWeight meant?");

        page().locator("textarea").fill(CART.replace("stepWeight", "stepWieght"));
        page().getByText("Find mistakes", EXACTLY).click();
        assertThat(page().locator("#linted-title"))
                .containsText("1 warning, 0 notes in 1 resource");
        assertThat(page().locator("table.list")).containsText("is stepWeight meant?");
    }

    @Test
    void stepsThatSayTheSameAreOneRow() {
        open("/#/plan");
        page().locator("textarea")
                .fill(
                        CART.replace(
                                "stepWeight: 25, maxWeight: 50",
                                "iterations: 48, match: [{headers: {x: {exact: \"y\"}}}]"));
        page().getByText("Show the plan", EXACTLY).click();

        assertThat(page().locator("table.list")).containsText("… 47 more checks, one each 1 min");
        assertThat(page().locator("table.list"))
                .containsText("Requests that match meet the canary.");
        assertThat(page().locator(".panel .note")).containsText("It names no alerts");
    }

    @Test
    void howSerinusItselfIsStandsBelowTheFleet() {
        open("/");

        assertThat(page().locator(".strip")).containsText("3 records");
        assertThat(page().locator(".strip")).containsText("all is shown");
        assertThat(page().locator(".strip a")).hasAttribute("href", "#/dead-letters");
    }

    /** One look reads all dead letters of a day from Kafka. */
    @Test
    void deadLettersAreNotLookedForAgainWhenSomebodyComesBackToTheFleet() {
        for (int visit = 0; visit < 3; visit++) {
            open("/#/fleet");
            assertThat(page().locator(".strip dd").last()).not().hasText("not known");
            open("/#/plan");
            assertThat(page().locator("textarea")).isVisible();
        }

        assertThat(asked).filteredOn(url -> url.contains("/api/v1/dead-letters")).hasSize(1);
    }

    @Test
    void whatIsAskedForAndNotReadBackYetStandsBesideTheTraffic() {
        open(ONE);
        assertThat(page().locator(".now-traffic")).containsText("read back");
        assertThat(page().locator(".facts")).containsText("waiting for people");

        fleet().put(
                        CHECKOUT,
                        ServedFleet.state(CHECKOUT, "Progressing")
                                .setCanaryWeight(50)
                                .setWantedBasisPoints(6_000)
                                .setSequence(99));

        assertThat(page().locator(".wanted")).hasText("60 % is asked for, and not read back yet");
    }

    @Test
    void whatRunsWhereIsSideBySide() {
        open("/#/where");

        Locator payments =
                page().locator("tbody tr", new Page.LocatorOptions().setHasText("shop/payments"));
        assertThat(payments).containsText("91b7c2d0ff");
        assertThat(payments).containsText("taken back");
    }

    @Test
    void anEarlierRunStandsBesideThisOne() {
        open(ONE);

        page().locator("select.with").selectOption("6");

        Locator both = page().locator("serinus-compare");
        assertThat(both.locator(".compared canvas")).hasCount(4);
        assertThat(row(both, "How it ended")).containsText("it goes on");
        assertThat(row(both, "How it ended")).containsText("taken back");
        assertThat(row(both, "Took")).containsText("4 min");
        assertThat(row(both, "request-success-rate at 30 %")).containsText("91.2");
        assertThat(row(both, "request-success-rate at 30 %")).containsText("98.41");
        assertThat(new AxeBuilder(page()).setLegacyMode(true).analyze().getViolations()).isEmpty();
    }

    @Test
    void ofARunThatWasSupersededNobodySaysThatItGoesOn() {
        fleet().tookOver();
        open(ONE);

        page().locator("select.with").selectOption("6");

        Locator both = page().locator("serinus-compare");
        assertThat(row(both, "How it ended").locator("td").last())
                .hasText("the next run took over");
        assertThat(row(both, "Took").locator("td").last()).not().hasText("–");
    }

    @Test
    void whereItWasNotLookedToTheEndNothingIsSaidToBeKeptNoMore() {
        fleet().readsBack(21);
        open(ONE);

        page().locator("select.with").selectOption("6");

        Locator both = page().locator("serinus-compare");
        assertThat(both).containsText("Nothing of run 6 was found yet");
        assertThat(both).not().containsText("kept");
        both.locator("button.further").click();
        assertThat(row(both, "How it ended").locator("td").last()).hasText("taken back");
        assertThat(both.locator("button.further")).hasCount(0);
    }

    private static Locator row(Locator table, String header) {
        return table.locator("tr", new Locator.LocatorOptions().setHasText(header));
    }

    @Test
    void theLanesShowWhoDidWhatWhenAndPointingAtThemTheEvidence() {
        open(ONE);
        Locator lane = page().locator(".lane", new Page.LocatorOptions().setHasText("Checks"));
        assertThat(lane.locator(".lane-mark")).hasCount(5);
        assertThat(lane.locator(".lane-mark.bad")).hasCount(1);
        assertThat(
                        page().locator(".lane", new Page.LocatorOptions().setHasText("Gates"))
                                .locator(".lane-held"))
                .hasCount(1);

        lane.locator(".lane-mark.bad circle").hover();

        assertThat(page().locator(".pointed")).containsText("Check failed");
        assertThat(page().locator(".pointed .evidence")).containsText("98.41");
    }

    @Test
    void whoWasToldWhatStandsInTheTimelineAndBelowIt() {
        open(ONE);

        Locator lane = page().locator(".lane", new Page.LocatorOptions().setHasText("Alerts"));
        assertThat(lane.locator(".lane-mark")).hasCount(3);
        assertThat(lane.locator(".lane-mark.bad")).hasCount(1);
        Locator table = page().locator("table.alerts");
        assertThat(table.locator("tbody tr")).hasCount(3);
        assertThat(table.locator("tbody tr").first())
                .containsText("not delivered, a dead letter, after 6 attempts");
        assertThat(table.locator("tbody tr").first()).containsText("status 404");
        assertThat(table.locator("tbody tr").nth(1)).containsText("delivered, after 3 attempts");
        assertThat(table.locator("tbody tr").nth(1)).containsText("chat.shop, slack");

        lane.locator(".lane-mark.bad circle").hover();

        assertThat(page().locator(".pointed .told").first()).containsText("on-call, warn");
    }

    @Test
    void aRunBeforeHasItsAlertsAsWell() {
        fleet().event(CHECKOUT, 9, 6, "RolledBack", Instant.now().minusSeconds(89_900));
        open(ONE);

        page().locator("select").first().selectOption("6");

        assertThat(page().locator("table.alerts tbody tr")).hasCount(1);
        assertThat(page().locator("table.alerts")).containsText("error");
    }

    @Test
    void whatBecameOfAlertsIsSaidNotToBeKnownWhereItIsNot() {
        page().route(
                        url -> url.contains("/alerts?"),
                        route ->
                                route.fulfill(
                                        new Route.FulfillOptions()
                                                .setStatus(503)
                                                .setContentType("application/problem+json")
                                                .setBody("{\"detail\": \"Kafka is away\"}")));
        open(ONE);

        assertThat(page().locator("[aria-labelledby=alerts-title]"))
                .containsText("It cannot be told now: Kafka is away");
        assertThat(page().locator(".acts button.danger")).isVisible();
    }

    @Test
    void whatPeopleDidAndWereRefusedIsListedFilteredAndTakenAlong() throws IOException {
        open("/#/audit");
        Locator rows = page().locator("table.list tbody tr");
        assertThat(rows).hasCount(3);
        assertThat(rows.first()).containsText("41 times in a minute");
        assertThat(rows.nth(1)).containsText("no rule allows it");
        assertThat(rows.nth(2)).containsText("is the error budget all right?");

        page().locator("select[name=outcome]").selectOption("not-allowed");
        assertThat(rows).hasCount(1);
        assertThat(page()).hasURL(Pattern.compile(".*outcome=not-allowed"));

        Download download = page().waitForDownload(() -> page().getByText("Export CSV").click());
        assertThat(Files.readAllLines(download.path()))
                .hasSize(2)
                .anyMatch(line -> line.contains(",ben,promote,not-allowed,production-eu,shop,"));
    }

    @Test
    void whereALookEndedBeforeThereWasEnoughThePageSaysSoAndGoesOn() {
        fleet().letters.lookAt(2);
        open("/#/dead-letters?name=cart");
        assertThat(page().locator(".note[role=status]")).containsText("and there is more");

        for (int looks = 0;
                looks < 10 && page().locator("table.list tbody tr").count() == 0;
                looks++) {
            page().waitForResponse(
                            answer -> answer.url().contains("continue="),
                            () -> page().getByText("Earlier", EXACTLY).click());
            assertThat(page().getByText("Look again")).isEnabled();
        }

        assertThat(page().locator("table.list tbody tr")).hasCount(1);
        assertThat(page().locator("table.list")).containsText("router-commands");
    }

    @Test
    void whatWasSetAsideIsListedAndOpenedAndFiltered() {
        open("/#/dead-letters");
        assertThat(page().locator("table.list tbody tr")).hasCount(4);
        assertThat(page().locator("table.list tbody tr").first()).containsText("metric-results");
        assertThat(page().locator("table.list")).containsText("unreadable");
        assertThat(page().locator("table.list")).containsText("names none");

        page().locator("select[name=topic]").selectOption("changes");
        assertThat(page().locator("table.list tbody tr")).hasCount(1);
        assertThat(page()).hasURL(Pattern.compile(".*topic=changes"));

        open("/#/dead-letters/production-eu/0/0");
        assertThat(page().locator("main")).containsText("It cannot be read: RouterCommand");
        assertThat(page().locator("main")).containsText("c3 01 02 03");
        assertThat(page().locator(".acts button")).hasAttribute("aria-disabled", "true");
        assertThat(page().locator(".acts button")).containsText("refused, see beside");
    }

    @Test
    void whoWaitsAtAGateStandsBesideThoseThatAreKept() {
        open("/#/gates");

        Locator checkout =
                page().locator("tbody tr", new Page.LocatorOptions().setHasText("checkout"));
        assertThat(checkout).containsText("approval of more traffic by release-managers");
        assertThat(checkout).containsText("not before the campaign is over");
        Locator search = page().locator("tbody tr", new Page.LocatorOptions().setHasText("search"));
        assertThat(search).containsText("somebody");
    }

    @Test
    void whoHasThePlacesWhoWaitsAndWhenNothingGoesOnIsToldTogether() throws IOException {
        fleet().ruled(files);
        open("/#/budgets");

        Locator budgets = page().locator("[aria-labelledby=budgets-title]");
        assertThat(budgets.locator("h3")).hasText("europe: 2 of 2 run, 1 wait");
        assertThat(budgets).containsText("checkout");
        assertThat(budgets).containsText("place 1 in the line");
        assertThat(page().locator("[aria-labelledby=freezes-title]"))
                .containsText("next holds starts, promotions: nobody is there");
        assertThat(page().locator("[aria-labelledby=waves-title]"))
                .containsText("production-eu/shop/login to be promoted");
        assertThat(new AxeBuilder(page()).setLegacyMode(true).analyze().getViolations()).isEmpty();
    }

    @Test
    void theHelpSaysWhichPageAnswersWhat() {
        open("/");

        page().locator("header").getByText("Help").click();

        assertThat(page().locator("h1")).hasText("Help");
        page().locator("table a", new Page.LocatorOptions().setHasText("Gates")).click();
        assertThat(page().locator("h1")).hasText("Gates");
    }

    // ---- what is done

    @Test
    void aLetterIsReplayedWithAReason() {
        var id = Objects.requireNonNull(letter);
        open("/#/dead-letters/" + id);
        assertThat(page().locator("pre.record")).containsText("\"latency\"");
        assertThat(page().locator(".now-words p").last())
                .hasText("It may be put on its topic once more.");

        page().locator(".acts button.main").click();
        page().locator("dialog input[name=reason]").fill("the service is upgraded");
        page().locator("dialog button.main").click();

        assertThat(page().locator(".result"))
                .containsText("Done: it was put on serinus.production-eu.metric-results");
        assertThat(fleet().letters.replayed()).containsExactly(id);
        assertThat(new AxeBuilder(page()).setLegacyMode(true).analyze().getViolations()).isEmpty();
    }

    @Test
    void aGateIsOpenedWithAReasonAndStandsSo() {
        open("/#/gates");
        Locator checkout =
                page().locator("tbody tr", new Page.LocatorOptions().setHasText("checkout"));
        assertThat(checkout.locator("td").nth(2)).containsText("closed");

        page().getByLabel("Open the gate of shop/checkout").click();
        page().locator("dialog input[name=reason]").fill("the campaign is over");
        page().locator("dialog button.main").click();
        assertThat(page().locator(".result")).containsText("Done: it is open, by localhost");
        page().locator("dialog .close").click();

        assertThat(checkout.locator("td").nth(2)).containsText("the campaign is over");
        assertThat(checkout.locator("td").nth(2)).containsText("open");
    }

    @Test
    void whereSomebodyElseTurnedAGateThePageShowsHowItIsNow() {
        open("/#/gates");
        page().route(
                        url -> url.endsWith("/checkout/gate"),
                        route -> {
                            fleet().gates
                                    .turn(
                                            ServedFleet.CHECKOUT,
                                            new KeptGate(
                                                    KeptGateKind.GATE,
                                                    true,
                                                    "grace",
                                                    "was first",
                                                    Instant.now()));
                            route.fulfill(
                                    new Route.FulfillOptions()
                                            .setStatus(409)
                                            .setContentType("application/problem+json")
                                            .setBody("{\"detail\": \"it was turned meanwhile\"}"));
                        });

        page().getByLabel("Open the gate of shop/checkout").click();
        page().locator("dialog button.main").click();
        assertThat(page().locator(".result")).containsText("Refused: it was turned meanwhile");
        page().locator("dialog .close").click();

        Locator checkout =
                page().locator("tbody tr", new Page.LocatorOptions().setHasText("checkout"));
        assertThat(checkout.locator("td").nth(2)).containsText("was first");
    }

    @Test
    void theButtonBesideTheSentenceEndsTheWait() {
        open(ONE);

        page().locator("button.main", new Page.LocatorOptions().setHasText("Approve")).click();
        page().locator("dialog input[name=reason]").fill("looked at it");
        page().locator("dialog button.main").click();

        assertThat(page().locator(".result")).containsText("Done: approve by localhost");
        page().locator("dialog .close").click();
        assertThat(page().locator(".sentence")).not().containsText("approval");
        assertThat(page().locator(".events li").first()).containsText("looked at it");
    }

    @Test
    void aRefusalIsToldInItsWordsWithWhatIsPossible() {
        fleet().answers("refused");
        open(ONE);

        page().locator(".acts button", new Page.LocatorOptions().setHasText("Abort")).click();
        assertThat(page().locator("dialog .effect")).containsText("50 % of the traffic → 0 %");
        page().locator("dialog button.main").click();

        assertThat(page().locator(".result"))
                .containsText("Refused: there is no gate to pass. Possible now: pause, abort.");
    }

    @Test
    void whatMayHaveBeenTakenIsSaidAndSentAgainWithTheSameKeyIsDoneOnce() {
        open(ONE);
        page().route(
                        url -> url.endsWith("/actions"),
                        route -> {
                            route.fetch(); // it arrives, and its answer is lost
                            route.abort();
                        });
        page().locator(".acts button.danger").click();
        page().locator("dialog input[name=reason]").fill("only once");
        page().locator("dialog button.main").click();
        assertThat(page().locator(".result")).containsText("not known whether it was taken");
        page().unrouteAll();

        page().locator("dialog button.main", new Page.LocatorOptions().setHasText("Send again"))
                .click();

        assertThat(page().locator(".result")).containsText("Done: abort by localhost");
        page().locator("dialog .close").click();
        assertThat(page().locator(".events li", new Page.LocatorOptions().setHasText("only once")))
                .hasCount(1);
    }

    @Test
    void theKeyboardIsEnough() {
        open("/");
        assertThat(rows().first()).isVisible();

        page().keyboard().press("/");
        page().keyboard().type("checkout");
        assertThat(rows()).hasCount(1);
        tabTo("[role=row]");
        page().keyboard().press("ArrowDown");
        page().keyboard().press("Enter");
        assertThat(page().locator("h1")).hasText("checkout");
        tabTo(".acts button.danger");
        page().keyboard().press("Enter");
        assertThat(page().locator("dialog input[name=reason]")).isFocused();
        page().keyboard().type("by keyboard");
        page().keyboard().press("Enter");
        assertThat(page().locator(".result")).containsText("Done: abort by localhost");
        page().keyboard().press("Escape");
        assertThat(page().locator("dialog")).hasCount(0);
    }

    private void tabTo(String selector) {
        for (int presses = 0; presses < 40; presses++) {
            page().keyboard().press("Tab");
            if ((Boolean) page().evaluate("it => document.activeElement.matches(it)", selector)) {
                return;
            }
        }
        throw new AssertionError("Tab never comes to " + selector);
    }

    // ---- who may

    @Test
    void nothingIsSeenWithoutALoginAndAllThatIsAllowedWithOne() throws Exception {
        serve(withLogin());
        open("/");
        assertThat(page().locator("dialog.login")).isVisible();
        assertThat(rows()).hasCount(0);

        page().locator("dialog.login input").fill("secret-of-ada");
        page().locator("dialog.login button.main").click();

        assertThat(page().locator(".headline")).containsText("of 9");
        open(ONE);
        assertThat(page().locator(".acts button", new Page.LocatorOptions().setHasText("Pause")))
                .not()
                .hasAttribute("aria-disabled", "true");
        Locator abort = page().locator(".acts button.danger");
        assertThat(abort).hasAttribute("aria-disabled", "true");
        assertThat(abort).containsText("no rule lets you do it");
    }

    @Test
    void whatTheRulesDoNotAllowIsNotOfferedOnOtherPagesEither() throws Exception {
        serve(withLogin());
        open("/#/gates");
        page().locator("dialog.login input").fill("secret-of-ada");
        page().locator("dialog.login button.main").click();

        Locator open = page().getByLabel("Open the gate of shop/checkout");
        assertThat(open).hasAttribute("aria-disabled", "true");
        assertThat(open).hasAttribute("title", "no rule lets you do it");
        open("/#/dead-letters");
        assertThat(page().locator("table.list tbody tr")).hasCount(3);
        open("/#/dead-letters/" + letter);
        assertThat(page().locator(".acts button")).containsText("no rule lets you do it");
    }

    @Test
    void aLinkToOneRolloutIsReadAfterTheLoginAndSeenNoLongerAfterTheLogout() throws Exception {
        serve(withLogin());
        open(ONE);
        assertThat(page().locator("main")).containsText("no token was sent");
        page().locator("dialog.login input").fill("secret-of-ada");
        page().locator("dialog.login button.main").click();
        assertThat(page().locator(".sentence")).containsText("approval of more traffic");

        page().getByText("Log out").click();

        assertThat(page().locator(".sentence")).hasCount(0);
        assertThat(page().locator("main")).containsText("no token was sent");
        assertThat(page().locator("dialog.login")).isVisible();
    }

    @Test
    void aPersonLogsInAtTheirProviderComesBackToThePageActsAndLogsOut() throws Exception {
        close();
        int port = FreePort.next();
        String address = "http://127.0.0.1:" + port;
        Path rules =
                Files.writeString(
                        files.resolve("people"),
                        "rules: [{groups: [\"oidc:sre\"], verbs: [pause]}]");
        Path secret = Files.writeString(files.resolve("secret"), OidcProvider.SECRET);
        try (var provider = new OidcProvider(address + BrowserLogin.CALLBACK)) {
            serve(
                    new ServedFleet(
                            new AccessConfig(
                                    null,
                                    rules,
                                    provider.issuer(),
                                    "serinus",
                                    null,
                                    "email",
                                    "groups",
                                    60),
                            new LoginConfig(
                                    OidcProvider.CLIENT,
                                    secret,
                                    null,
                                    address,
                                    "openid email",
                                    Duration.ofHours(1)),
                            port));
            open(ONE);
            assertThat(page().locator("dialog.login")).isVisible();
            assertThat(new AxeBuilder(page()).setLegacyMode(true).analyze().getViolations())
                    .isEmpty();

            page().getByText("Log in at 127.0.0.1").click();

            assertThat(page().locator(".sentence")).containsText("approval of more traffic");
            assertThat(page().locator(".who")).hasText("oidc:ada@example.com");
            page().locator(".acts button", new Page.LocatorOptions().setHasText("Pause")).click();
            page().locator("dialog input[name=reason]").fill("odd");
            page().locator("dialog button.main").click();
            assertThat(page().locator(".result"))
                    .containsText("Done: pause by oidc:ada@example.com");
            page().locator("dialog .close").click();

            page().getByText("Log out").click();

            assertThat(page().locator("dialog.login")).isVisible();
            assertThat(page().locator(".sentence")).hasCount(0);
            assertThat(provider.asked()).isEqualTo(1);
        }
    }

    @Test
    void aLoginThatIsOverOnThePageOfARolloutIsSaidAndStaysSaid() {
        page().route(
                        url -> url.contains("&name=checkout"),
                        route ->
                                route.fulfill(
                                        new Route.FulfillOptions()
                                                .setContentType("text/event-stream")
                                                .setBody(
                                                        "event: over\ndata: {\"because\": \"the"
                                                                + " login is over\"}\n\n")));
        open(ONE);

        assertThat(page().locator("dialog.login")).containsText("the login is over");
        page().keyboard().press("Escape");
        assertThat(page().locator("dialog.login")).hasCount(0);
        assertThat(page().locator(".live")).hasText("Not current");
        assertThat(page().locator(".stale")).containsText("the login is over");
        page().locator(".stale button").click();
        assertThat(page().locator("dialog.login")).isVisible();
    }

    private AccessConfig withLogin() throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256")
                        .digest("secret-of-ada".getBytes(StandardCharsets.UTF_8));
        Path tokens =
                Files.writeString(
                        files.resolve("tokens"),
                        "ada sha256:" + HexFormat.of().formatHex(digest) + "\n");
        Path rules =
                Files.writeString(
                        files.resolve("rules"),
                        """
                        rules:
                        - users: [ada]
                          verbs: [pause, resume]
                          clusters: [production-eu]
                          namespaces: [shop]
                        - users: [ada]
                          verbs: [read]
                          clusters: [production-us]
                          namespaces: [platform]
                        """);
        return new AccessConfig(tokens, rules, null, null, null, "sub", "groups", 60);
    }

    // ---- everybody

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/#/fleet",
                "/#/rollouts/production-eu/shop/checkout",
                "/#/history?all",
                "/#/audit",
                "/#/where",
                "/#/budgets",
                "/#/gates",
                "/#/plan",
                "/#/dead-letters",
                "/#/dead-letters/production-eu/0/0",
                "/#/help"
            })
    void axeFindsNothing(String path) {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : new int[] {1280, 390}) {
                page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                page().setViewportSize(width, 800);
                open(path);
                page().locator(
                                ".space [role=row], main table, main canvas, main pre, main"
                                        + " section, main form.manifest")
                        .first()
                        .waitFor();
                var found = new AxeBuilder(page()).setLegacyMode(true).analyze();
                assertThat(found.getViolations()).as("%s %s %d", path, scheme, width).isEmpty();
            }
        }
    }

    @Test
    void axeFindsNothingInADialog() {
        open(ONE);
        page().locator(".acts button.danger").click();
        page().locator("dialog").waitFor();

        assertThat(new AxeBuilder(page()).setLegacyMode(true).analyze().getViolations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/#/fleet",
                "/#/rollouts/production-eu/shop/checkout",
                "/#/history?all",
                "/#/audit",
                "/#/where",
                "/#/budgets",
                "/#/gates",
                "/#/plan",
                "/#/dead-letters",
                "/#/dead-letters/production-eu/0/0",
                "/#/help"
            })
    void nothingIsWiderThanAPhone(String path) {
        page().setViewportSize(320, 640);
        open(path);
        page().locator("h1").waitFor();

        assertThat(page().evaluate("document.documentElement.scrollWidth")).isEqualTo(320);
    }

    private void open(String path) {
        page().navigate(fleet().url() + path);
    }

    private Locator rows() {
        return page().locator(".space [role=row]:not(.group)");
    }

    private ServedFleet fleet() {
        return Objects.requireNonNull(fleet);
    }

    private Page page() {
        return Objects.requireNonNull(page);
    }

    private static Chromium browser() {
        return Objects.requireNonNull(chromium);
    }
}
