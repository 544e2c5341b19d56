package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.access.LoginConfig;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.alert.AlertResults;
import dev.serinus.analysis.api.OnRequest;
import dev.serinus.analysis.api.ReadApi;
import dev.serinus.analysis.audit.AuditTrail;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.analysis.keptgate.KeptGates;
import dev.serinus.analysis.letter.Letters;
import dev.serinus.analysis.past.PastEvents;
import dev.serinus.analysis.rules.FleetConfig;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionAnswer;
import dev.serinus.schemas.events.AlertResult;
import dev.serinus.schemas.events.AuditEntry;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.events.TakenBack;
import dev.serinus.schemas.shell.ServiceHealth;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** The commands that ask a hub, before its real API. */
class HubCommandsTest {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");
    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final CanaryKey TILL = new CanaryKey("west", "shop", "till");
    private static final CanaryKey BLOG_CART = new CanaryKey("west", "blog", "cart");

    @TempDir Path files;

    private final FleetView fleet = new FleetView(10);
    private final List<Action> sent = new CopyOnWriteArrayList<>();
    private final List<AlertResult> told = new CopyOnWriteArrayList<>();
    private final List<RolloutEvent> before = new ArrayList<>();
    private final Audit audit = new Audit();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String outcome = "done";

    /** So many requests come before the hub has read the rollouts. */
    private final AtomicInteger unread = new AtomicInteger();

    @SuppressWarnings("NullAway.Init") // set before each
    private ReadApi api;

    private int port;

    @BeforeEach
    void serve() {
        serve(AccessConfig.NONE);
        show(CART, "Progressing", "b", "a");
        show(TILL, "Succeeded", "c", "c");
        show(BLOG_CART, "Failed", "d", "a");
    }

    @AfterEach
    void close() {
        api.close();
    }

    private void serve(AccessConfig access) {
        api =
                ReadApi.serve(
                        new Well(),
                        fleet,
                        new ActionDesk(
                                fleet,
                                this::decide,
                                InstantSource.system(),
                                Duration.ofSeconds(5),
                                () -> unread.getAndUpdate(it -> Math.max(0, it - 1)) == 0),
                        new OnRequest(
                                () -> Letters.NONE,
                                KeptGates.NONE,
                                this::past,
                                (canary, _, from, _) ->
                                        canary.equals(CART)
                                                ? before(from == null ? told.size() : from)
                                                : new AlertResults.Part(List.of(), null),
                                audit,
                                () -> FleetConfig.NONE),
                        access,
                        LoginConfig.NONE,
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                        "127.0.0.1",
                        0);
        port = api.port();
    }

    /** Two of them at a time. */
    private AlertResults.Part before(long end) {
        long begin = Math.max(0, end - 2);
        return new AlertResults.Part(
                told.subList((int) begin, (int) end), begin == 0 ? null : begin);
    }

    @Test
    void dashboardSaysWhereItIsOfTheFleetAndOfOne() {
        assertThat(run("dashboard")).isZero();
        assertThat(run("dashboard", "shop/cart")).isZero();

        String address = "http://127.0.0.1:" + port + "/";
        assertThat(out.toString().lines())
                .containsExactly(address, address + "#/rollouts/west/shop/cart");
        assertThat(run("dashboard", "nothing")).isEqualTo(3);
    }

    @Test
    void getBeginsWithFlaggersColumns() {
        assertThat(run("get")).isZero();

        assertThat(out.toString().lines().toList())
                .hasSize(4)
                .first()
                .asString()
                .matches(
                        "NAME +STATUS +WEIGHT +CLUSTER +NAMESPACE +WAITING FOR"
                                + " +LASTTRANSITIONTIME");
        assertThat(out.toString()).containsPattern("cart +Progressing +20 +west +shop");
    }

    @Test
    void getAndDescribeNameClustersFromWhichNothingComes() {
        fleet.heard().heard("west", AT, Duration.ofMinutes(1));
        fleet.heard().looked(Set.of("west"), Instant.now().plus(Duration.ofHours(1)));
        fleet.heard().wasRead();

        assertThat(run("get")).isZero();
        assertThat(run("describe", "shop/cart")).isZero();

        assertThat(err.toString().lines())
                .hasSize(2)
                .containsOnly(
                        "cluster west was last heard of at 2026-11-22T10:00:00Z: what is shown of"
                                + " it is its last word");
    }

    @Test
    void whatAsksForPeopleIsListedAloneTheMostUrgentFirst() {
        fleet.state(
                TILL,
                RolloutState.newBuilder(state(TILL, "Progressing", "c", "a", 3, List.of("abort")))
                        .setDeadline(Instant.now().minusSeconds(600))
                        .build());

        assertThat(run("get", "--attention", "-o", "name")).isZero();

        assertThat(out.toString().lines()).containsExactly("west/blog/cart", "west/shop/till");
        assertThat(run("get", "--attention", "--direct")).isEqualTo(2);
    }

    @Test
    void getSaysAgesAsKubectlDoes() {
        run("get");

        // of 2026-11-22 or later, so that it is days
        assertThat(out.toString().lines().skip(1)).allMatch(line -> line.matches(".* \\d+d"));
    }

    @Test
    void whoWasToldWhatIsInTheHistoryAndBelowTheDescription() {
        told.add(alert(1, "delivered", 3, ""));
        told.add(alert(2, "dead-lettered", 6, "status 404"));

        assertThat(run("history", "shop/cart", "--alerts")).isZero();
        assertThat(out.toString())
                .containsPattern("warn +on-call +chat.shop +delivered after 3 attempts +halt")
                .contains("dead-lettered after 6 attempts (status 404)");

        out.getBuffer().setLength(0);
        assertThat(run("describe", "shop/cart")).isZero();
        assertThat(out.toString()).contains("delivered after 3 attempts");

        out.getBuffer().setLength(0);
        assertThat(run("history", "shop/till", "--alerts")).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("nothing is known of its alerts");
    }

    /** A notifier that was killed tells it once more, which may be on another page. */
    @Test
    void anAlertThatIsToldOnceMoreIsListedOnce() {
        told.add(alert(1, "delivered", 3, ""));
        told.add(alert(2, "delivered", 1, ""));
        told.add(alert(1, "delivered", 0, ""));

        assertThat(run("history", "shop/cart", "--alerts")).isZero();

        assertThat(out.toString().lines().skip(1))
                .hasSize(2)
                .first()
                .asString()
                .contains("delivered after 3 attempts");
    }

    @Test
    void whatPeopleDidAndWereRefusedIsListedTheOldestFirstInPages() throws Exception {
        for (int n = 1; n <= 3; n++) {
            audit.add(
                    AuditEntry.newBuilder()
                            .setAt(AT.plusSeconds(n))
                            .setActor("ada")
                            .setAction("pause")
                            .setOutcome(n == 2 ? "not-allowed" : "done")
                            .setCanary(CART.toString())
                            .setCluster("west")
                            .setReason("reason-" + n)
                            .setBecause(n == 2 ? "no rule allows it" : "")
                            .build());
        }

        assertThat(run("audit")).isZero();
        assertThat(out.toString().lines().skip(1))
                .hasSize(3)
                .first()
                .asString()
                .containsPattern("ada +pause +done +west/shop/cart +1 +reason-1");
        out.getBuffer().setLength(0);

        assertThat(run("audit", "--limit", "2")).isZero();
        assertThat(out.toString()).doesNotContain("reason-1").contains("reason-2", "reason-3");
        assertThat(err.toString()).contains("there is more: see --limit");
        out.getBuffer().setLength(0);

        assertThat(run("audit", "--outcome", "not-allowed", "-o", "json")).isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).findValuesAsText("because"))
                .containsExactly("no rule allows it");
        assertThat(run("audit", "-n", "nowhere")).isZero();
        assertThat(err.toString()).contains("nobody did anything that you may see");
        assertThat(run("audit", "--since", "then")).isEqualTo(2);
    }

    private static AlertResult alert(long sequence, String outcome, int attempts, String because) {
        return AlertResult.newBuilder()
                .setCanary(CART.toString())
                .setUid("uid-1")
                .setRun(1)
                .setSequence(sequence)
                .setKey("msg_" + sequence)
                .setAlert("on-call")
                .setProvider("chat.shop")
                .setType("slack")
                .setSeverity(Severity.WARN)
                .setMessage("halt advancement")
                .setOutcome(outcome)
                .setAttempts(attempts)
                .setBecause(because)
                .setAt(AT.plusSeconds(sequence))
                .build();
    }

    /** By their places, one of a page at a time. */
    private static final class Audit implements AuditTrail {

        private final List<AuditEntry> all = new CopyOnWriteArrayList<>();

        @Override
        public void add(AuditEntry entry) {
            all.add(entry);
        }

        @Override
        public Part before(
                @Nullable Instant since,
                @Nullable Long from,
                int most,
                Predicate<AuditEntry> wanted) {
            int to = from == null ? all.size() : Math.toIntExact(from);
            return to == 0
                    ? new Part(List.of(), null)
                    : new Part(
                            all.subList(to - 1, to).stream().filter(wanted).toList(),
                            to == 1 ? null : to - 1L);
        }
    }

    @Test
    void watchShowsARolloutOnceWhereSoAsked() {
        assertThat(run("watch", "--once", "till")).isZero();

        assertThat(out.toString())
                .startsWith("west/shop/till  Succeeded  run ")
                .contains("you can    pause, abort")
                .doesNotContain("\u001b");
    }

    @Test
    void nothingThatOthersWriteGivesOrdersToATerminal() {
        show(CART, "Progressing", "b\u001b[2J\rforged", "a");

        run("watch", "--once", "west/shop/cart");
        run("describe", "west/shop/cart");
        run("get", "-o", "wide");

        assertThat(out.toString()).contains("b [2J forged").doesNotContain("\u001b", "\r");
    }

    @Test
    void watchOfSomethingUnknownEndsAtOnce() {
        assertThat(run("watch", "west/shop/nothing")).isEqualTo(3);
    }

    @Test
    void completionNamesTheCommands() {
        var line = new CommandLine(new Main());
        line.setOut(new PrintWriter(out, true));

        assertThat(line.execute("completion")).isZero();
        assertThat(out.toString()).contains("complete -F _complete_serinus").contains("promote");
    }

    @Test
    void completionForFishHasEachCommandAtItsPlaceWithItsFlags() {
        var line = new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(new PrintWriter(out, true));

        assertThat(line.execute("completion", "fish")).isZero();

        assertThat(out.toString().lines())
                .allMatch(each -> each.startsWith("complete -c serinus "))
                .allMatch(
                        each ->
                                each.replace("\\'", "").chars().filter(c -> c == '\'').count() % 2
                                        == 0)
                .anyMatch(each -> each.contains("-n '__fish_use_subcommand' -a promote -d '"))
                .anyMatch(
                        each ->
                                each.contains(
                                        "-n '__fish_seen_subcommand_from dead-letters; and not"
                                                + " __fish_seen_subcommand_from list show replay'"
                                                + " -a show"))
                .anyMatch(
                        each ->
                                each.matches(
                                        ".*'__fish_seen_subcommand_from run' -l kubeconfig -r -F"
                                                + " -d '.*"))
                .anyMatch(
                        each ->
                                each.matches(
                                        ".*'__fish_seen_subcommand_from plan' -s o -l output -x"
                                                + " -a 'text json' -d '.*"));
    }

    @Test
    void getPrintsTheAnswerOfTheApiAsItIs() throws Exception {
        assertThat(run("get", "-n", "blog", "-o", "json")).isZero();

        JsonNode all = new ObjectMapper().readTree(out.toString());
        assertThat(all).hasSize(1);
        assertThat(all.at("/0/phase").asText()).isEqualTo("Failed");
    }

    @Test
    void getPrintsNamesThatOtherCommandsTake() {
        assertThat(run("get", "-o", "name", "--cluster", "west")).isZero();

        assertThat(out.toString().lines())
                .containsExactly("west/blog/cart", "west/shop/cart", "west/shop/till");
    }

    @Test
    void whomLabelsChooseIsSeenBeforeAnythingIsAskedOfThem() {
        fleet.state(
                TILL,
                RolloutState.newBuilder(
                                state(TILL, "Succeeded", "c", "c", 3, List.of("pause", "abort")))
                        .setLabels(Map.of("tier", "web"))
                        .build());

        assertThat(run("get", "-l", "tier!=db", "-n", "shop", "-o", "NAME")).isZero();

        assertThat(out.toString().lines()).containsExactly("west/shop/till");
        assertThat(err.toString()).contains("labels of 1 are not known").contains("west/shop/cart");
        assertThat(run("get", "-l", "")).isEqualTo(2);
        assertThat(run("get", "-l", "tier~db")).isEqualTo(2);
        assertThat(run("get", "cart", "-l", "tier")).isEqualTo(2);
    }

    @Test
    void nothingFoundIsSaidBesideTheData() {
        assertThat(run("get", "--cluster", "nowhere")).isZero();

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("no rollouts");
    }

    @Test
    void describeSaysWhatIsPossible() {
        assertThat(run("describe", "shop/cart")).isZero();

        assertThat(out.toString()).contains("pause, abort").contains("west/shop/cart");
    }

    @Test
    void anActionTellsWhatBecameOfIt() {
        assertThat(run("pause", "shop/cart", "--reason", "odd numbers")).isZero();

        assertThat(out.toString())
                .contains("west/shop/cart: PAUSE by localhost: odd numbers (Progressing");
        assertThat(sent).extracting(Action::getReason).containsExactly("odd numbers");
    }

    @ParameterizedTest
    @CsvSource({"promote", "pause", "resume", "abort", "retry", "skip", "approve"})
    void everyActionHasACommand(String action) {
        assertThat(run(action, "west/shop/cart")).isZero();

        assertThat(sent)
                .extracting(it -> it.getAction().name().toLowerCase(Locale.ROOT))
                .containsExactly(action);
    }

    @Test
    void aGateIsApprovedByItsName() {
        assertThat(run("approve", "shop/cart", "--gate", "load")).isZero();

        assertThat(sent).extracting(Action::getGate).containsExactly("load");
    }

    @Test
    void whatIsRefusedEndsWithOneAndSaysWhatIsPossible() {
        outcome = "refused";

        assertThat(run("retry", "shop/cart")).isEqualTo(1);

        assertThat(err.toString())
                .contains("RETRY by localhost")
                .contains("possible now: pause, abort");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aDryRunAsksForNothing() {
        assertThat(run("abort", "shop/cart", "--dry-run")).isZero();
        assertThat(run("retry", "shop/cart", "--dry-run")).isEqualTo(1);

        assertThat(sent).isEmpty();
    }

    @Test
    void manyAreAskedAlike() {
        assertThat(run("pause", "--all", "-n", "shop", "--yes", "-o", "json")).isZero();

        assertThat(sent)
                .extracting(Action::getCanary)
                .containsExactlyInAnyOrder("west/shop/cart", "west/shop/till");
    }

    @Test
    void whatIsNotThereEndsWithThree() {
        assertThat(run("describe", "nothing")).isEqualTo(3);
        assertThat(run("pause", "west/shop/nothing")).isEqualTo(3);
    }

    @Test
    void aNameOfSeveralIsAskedBack() {
        assertThat(run("pause", "cart")).isEqualTo(2);

        assertThat(err.toString()).contains("west/blog/cart, west/shop/cart");
        assertThat(sent).isEmpty();
    }

    @Test
    void withoutNamesNothingIsAskedFor() {
        assertThat(run("pause")).isEqualTo(2);
        assertThat(run("pause", "--wrong-flag", "x")).isEqualTo(2);
    }

    @Test
    void aHubThatIsAwayEndsWithFive() {
        api.close();

        assertThat(run("get")).isEqualTo(5);
        serve(AccessConfig.NONE);
    }

    @Test
    void whoIsNotLetInEndsWithFourAndATokenLetsIn() throws Exception {
        api.close();
        byte[] hash =
                MessageDigest.getInstance("SHA-256")
                        .digest("secret".getBytes(StandardCharsets.UTF_8));
        Path tokens =
                Files.writeString(
                        files.resolve("tokens"), "ada sha256:" + HexFormat.of().formatHex(hash));
        Path mine = Files.writeString(files.resolve("mine"), "secret\n");
        serve(new AccessConfig(tokens, null, null, null, null, "sub", "groups", 60));

        assertThat(run("get")).isEqualTo(4);
        assertThat(run("get", "--token-file", mine.toString())).isZero();
        assertThat(run("pause", "shop/cart", "--token-file", mine.toString())).isEqualTo(4);
        assertThat(run("get", "--token-file", files.resolve("none").toString())).isEqualTo(2);
        assertThat(err.toString()).doesNotContain("secret");
    }

    // ---- wait

    @ParameterizedTest(name = "{0} for {1}: {2}")
    @CsvSource({
        "shop/till, promoted, '', 0",
        "blog/cart, promoted, '', 1",
        "blog/cart, done, '', 0",
        "shop/cart, promoted, '', 124",
        "shop/till, promoted, c, 0",
        "shop/till, promoted, x, 124",
        "shop/cart, promoted, a, 0",
        "shop/nothing, promoted, '', 3"
    })
    void waitingEndsWithWhatBecameOfIt(String name, String goal, String revision, int code) {
        List<String> arguments = new ArrayList<>(List.of("wait", name, "--for", goal));
        arguments.addAll(List.of("--timeout", "0s"));
        if (!revision.isEmpty()) {
            arguments.addAll(List.of("--revision", revision));
        }

        assertThat(run(arguments.toArray(String[]::new))).isEqualTo(code);
    }

    @Test
    void waitingSeesARunComeToItsEnd() throws Exception {
        var other =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    while (!out.toString().contains("Progressing")) {
                                        Thread.onSpinWait();
                                    }
                                    show(CART, "Succeeded", "b", "b");
                                });

        assertThat(run("wait", "shop/cart")).isZero();
        other.join();
        assertThat(out.toString().lines()).hasSize(2);
    }

    @Test
    void aFleetThatIsLargerThanAPageIsListedAsAWhole() {
        for (int number = 0; number < 1_200; number++) {
            show(new CanaryKey("west", "many", "app-" + number), "Succeeded", "a", "a");
        }

        assertThat(run("get", "-n", "many", "-o", "name")).isZero();

        assertThat(out.toString().lines()).hasSize(1_200).doesNotHaveDuplicates();
        out.getBuffer().setLength(0);
        assertThat(run("get", "app-1199", "-o", "name")).isZero();
        assertThat(out.toString().strip()).isEqualTo("west/many/app-1199");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get cart-of-nobody", "get shop/cart", "watch shop/cart --once"})
    void aHubThatHasJustStartedIsWaitedFor(String line) {
        unread.set(1);

        int code = run(line.split(" "));

        assertThat(code).isEqualTo(line.contains("nobody") ? 3 : 0);
        assertThat(unread).hasValue(0);
    }

    /** The hub has the latest in memory, and after a start perhaps none. */
    @Test
    void historyGoesAsFarBackAsKafkaKeepsIt() {
        for (int number = 1; number <= 700; number++) {
            before.add(
                    RolloutEvent.newBuilder()
                            .setCanary(CART.toString())
                            .setUid("uid-1")
                            .setSequence(number)
                            .setRun(number <= 50 ? 1 : 2)
                            .setType("Any")
                            .setPhase("Progressing")
                            .setRevision("b")
                            .setStep(0)
                            .setCanaryWeight(0)
                            .setFailedChecks(0)
                            .setEvidence(List.of())
                            .setActor("serinus")
                            .setMessage("event " + number)
                            .setAt(AT.plusSeconds(number))
                            .build());
        }

        assertThat(run("history", "shop/cart", "--limit", "650")).isZero();
        assertThat(out.toString()).contains("event 51\n").doesNotContain("event 50\n");
        out.getBuffer().setLength(0);
        assertThat(run("history", "shop/cart")).isZero();
        assertThat(out.toString().lines()).hasSize(701);
        assertThat(run("history", "shop/cart", "--limit", "0")).isEqualTo(2);
    }

    private PastEvents.Part past(CanaryKey canary, @Nullable Long from, int most) {
        int end = from == null ? before.size() : Math.toIntExact(from);
        int begin = Math.max(0, end - most);
        return new PastEvents.Part(before.subList(begin, end), begin == 0 ? null : (long) begin);
    }

    @Test
    void waitingGoesOnOverAHubThatHasJustStarted() {
        fleet.state(CART, state(CART, "Succeeded", "b", "b", 3, List.of()));
        unread.set(2);

        assertThat(run("wait", "west/shop/cart")).isZero();

        unread.set(2);
        assertThat(run("wait", "shop/cart", "--timeout", "0s")).isEqualTo(5);
        assertThat(err.toString()).contains("the rollouts are still being read");
    }

    @Test
    void waitingEndsWhenAnotherRevisionTakesOver() throws Exception {
        var other =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    while (!out.toString().contains("revision b")) {
                                        Thread.onSpinWait();
                                    }
                                    show(CART, "Progressing", "z", "a");
                                });

        assertThat(run("wait", "shop/cart", "--revision", "b")).isEqualTo(6);
        other.join();
    }

    @Test
    void aTimeOutSaysWhenAPersonIsWaitedFor() {
        fleet.state(CART, state(CART, "Progressing", "b", "a", 3, List.of("approve")));

        assertThat(run("wait", "shop/cart", "--timeout", "0s")).isEqualTo(7);
        assertThat(run("wait", "shop/cart", "--for", "gate", "--timeout", "0s")).isZero();
    }

    @ParameterizedTest(name = "for {0}, {1}")
    @CsvSource({"promoted, '', 1", "promoted, b, 1", "promoted, a, 1", "done, '', 0"})
    void aDryRunThatEndsHasPromotedNothing(String goal, String revision, int code) {
        fleet.state(
                CART, tried(revision.equals("a") ? "c" : "b", revision.equals("a") ? "a" : "b"));
        List<String> arguments = new ArrayList<>(List.of("wait", "shop/cart", "--for", goal));
        if (!revision.isEmpty()) {
            arguments.addAll(List.of("--revision", revision));
        }

        assertThat(run(arguments.toArray(String[]::new))).isEqualTo(code);

        assertThat(out.toString()).contains("Succeeded (dry run)");
        assertThat(err.toString().contains("promotes nothing")).isEqualTo(code == 1);
    }

    @Test
    void whyItWasTakenBackIsToldInOneLook() {
        fleet.state(
                CART,
                RolloutState.newBuilder(state(CART, "Failed", "b", "a", 3, List.of()))
                        .setTakenBack(new TakenBack(AT, "success rate 66.67% < 99%", "serinus", 2))
                        .build());

        assertThat(run("describe", "shop/cart")).isZero();
        assertThat(run("get", "shop/cart")).isZero();

        assertThat(out.toString())
                .containsPattern("Taken back: +.*: success rate 66.67% < 99% \\(2 failed checks\\)")
                .contains(" taken back: success rate 66.67% < 99% ");
    }

    @Test
    void imagesStandBesideTheRevisionsThatTheyAreOf() {
        String digest = "sha256:" + "0123456789abcdef".repeat(4);
        fleet.state(
                CART,
                RolloutState.newBuilder(state(CART, "Progressing", "b", "a", 3, List.of()))
                        .setImages(List.of("registry.test/shop/cart:2.0.0@" + digest))
                        .setPrimaryImages(List.of("registry.test/shop/cart:1.0.0"))
                        .build());

        assertThat(run("describe", "shop/cart")).isZero();
        assertThat(run("get", "-o", "wide", "shop/cart")).isZero();

        assertThat(out.toString())
                .contains("b: registry.test/shop/cart:2.0.0@" + digest)
                .contains("a: registry.test/shop/cart:1.0.0")
                .containsPattern(" b +cart:2.0.0@sha256:0123456789ab +a +cart:1.0.0 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"b", "2.0.0", "cart:2.0.0", "registry.test:5000/cart:2.0.0@sha256:01"})
    void aRevisionIsWaitedForByItsImageToo(String name) {
        fleet.state(CART, withImages(state(CART, "Succeeded", "b", "b", 3, List.of())));

        assertThat(run("wait", "shop/cart", "--revision", name, "--timeout", "0s")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.0", "cart", "5000", "1.0.0", "registry.test:5000/cart"})
    void whatNamesNoImageOfItIsAnotherRevision(String name) {
        fleet.state(CART, withImages(state(CART, "Succeeded", "b", "b", 3, List.of())));

        assertThat(run("wait", "shop/cart", "--revision", name, "--timeout", "0s")).isEqualTo(124);
    }

    @Test
    void aTagOfASideCarNamesNoRevision() {
        var images = List.of("registry.test/cart:1.9.0", "registry.test/proxy:2.0.0");
        fleet.state(
                CART,
                RolloutState.newBuilder(state(CART, "Succeeded", "b", "b", 3, List.of()))
                        .setImages(images)
                        .setPrimaryImages(images)
                        .build());

        assertThat(run("wait", "shop/cart", "--revision", "2.0.0", "--timeout", "0s"))
                .isEqualTo(124);
        assertThat(run("wait", "shop/cart", "--revision", "cart:1.9.0", "--timeout", "0s"))
                .isZero();
    }

    private static RolloutState withImages(RolloutState state) {
        var images = List.of("registry.test:5000/cart:2.0.0@sha256:01");
        return RolloutState.newBuilder(state).setImages(images).setPrimaryImages(images).build();
    }

    @Test
    void whatIsOnlyTriedIsShownAsSuch() {
        fleet.state(CART, tried("b", "b"));

        assertThat(run("get")).isZero();
        assertThat(run("describe", "shop/cart")).isZero();

        assertThat(out.toString())
                .containsPattern("cart +Succeeded \\(dry run\\) +20")
                .containsPattern("Phase: +Succeeded \\(dry run\\)");
    }

    private static RolloutState tried(String revision, String promoted) {
        return RolloutState.newBuilder(state(CART, "Succeeded", revision, promoted, 3, List.of()))
                .setDryRun(true)
                .build();
    }

    // ---- the hub

    private int run(String... arguments) {
        var line = new CommandLine(new Main());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        Main.prepare(line);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--server", "http://127.0.0.1:" + port));
        return line.execute(Main.withValues(line, Main.twoDashes(all.toArray(String[]::new))));
    }

    private void decide(CanaryKey canary, Action action) {
        sent.add(action);
        fleet.event(
                canary,
                RolloutEvent.newBuilder()
                        .setCanary(canary.toString())
                        .setUid("uid-1")
                        .setRun(1)
                        .setSequence(4)
                        .setType("Any")
                        .setPhase("Progressing")
                        .setRevision("b")
                        .setStep(7)
                        .setCanaryWeight(20)
                        .setFailedChecks(0)
                        .setMessage(
                                "%s by %s: %s"
                                        .formatted(
                                                action.getAction(),
                                                action.getActor(),
                                                action.getReason()))
                        .setEvidence(List.of())
                        .setActor(action.getActor())
                        .setAction(
                                ActionAnswer.newBuilder()
                                        .setId(action.getId())
                                        .setAction(
                                                action.getAction().name().toLowerCase(Locale.ROOT))
                                        .setOutcome(outcome)
                                        .setReason(action.getReason())
                                        .setPossible(List.of("pause", "abort"))
                                        .build())
                        .setAt(AT)
                        .build());
    }

    private void show(CanaryKey canary, String phase, String revision, String promoted) {
        fleet.state(canary, state(canary, phase, revision, promoted, 3, List.of("pause", "abort")));
    }

    private static RolloutState state(
            CanaryKey canary,
            String phase,
            String revision,
            String promoted,
            long sequence,
            List<String> possible) {
        return RolloutState.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid-1")
                .setRun(1)
                .setPhase(phase)
                .setRevision(revision)
                .setPromotedRevision(promoted)
                .setCanaryWeight(20)
                .setIterations(0)
                .setFailedChecks(0)
                .setStep(7)
                .setSequence(sequence)
                .setWaitingFor("")
                .setProvider("istio")
                .setHeld(false)
                .setPossibleActions(possible)
                .setUpdatedAt(AT)
                .build();
    }

    private record Well() implements ServiceHealth {
        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public boolean alive() {
            return true;
        }

        @Override
        public String missing() {
            return "";
        }
    }
}
