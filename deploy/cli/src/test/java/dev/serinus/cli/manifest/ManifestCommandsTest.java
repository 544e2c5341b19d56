package dev.serinus.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.cli.Main;
import dev.serinus.schemas.canary.CanaryScheduling;
import dev.serinus.schemas.canary.Revision;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** plan and lint, as they are called. */
class ManifestCommandsTest {

    private static final String GOOD =
            """
            # a comment before it
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: cart, namespace: shop}
            spec:
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
              service: {port: 80}
              analysis:
                interval: 1m
                threshold: 2
                stepWeight: 25
                maxWeight: 50
                metrics:
                - name: request-success-rate
                  thresholdRange: {min: 99}
                webhooks:
                - name: load
                  url: https://user:hunter2@tester.shop/run?token=hunter2
            """;

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private CommandLine line = new CommandLine(new Main());

    @BeforeEach
    void captured() {
        line =
                new CommandLine(new Main())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true));
    }

    @Test
    void aPlanSaysEachStepWithItsTimesAndWhatABadReleaseMeets() throws IOException {
        write("cart.yaml", GOOD);

        assertThat(run("plan", "cart.yaml")).isZero();

        assertThat(out.toString())
                .containsPattern("shop/cart \\(.*cart.yaml:2\\): Deployment cart by Istio")
                .containsPattern("0s +9m59s +25% +Progressing +The canary has 25 % of the traffic")
                .containsPattern("1m0s +\\S+ +50% +Progressing +The canary has 50 % of the traffic")
                .contains("Promoted after 3m0s at best")
                .contains(
                        "A release that fails every check is taken back after 2m0s; until then it"
                                + " has up to 25% of the requests.")
                .contains("request-success-rate: built in, at least 99, over 1m")
                .contains("load (rollout) at https://tester.shop: 2 times\n");
    }

    /** What lint says of a Canary, plan says too: whoever plans has not linted. */
    @Test
    void aPlanSaysWhatLintSaysOfItsCanary() throws IOException {
        write(
                "cart.yaml",
                GOOD.replace("maxWeight: 50", "maxWeigth: 50")
                        .replaceFirst("url: .*", "url: http://tester/run"));
        run("lint", "cart.yaml");
        List<String> warnings =
                out.toString().lines().filter(each -> each.contains(": warning: ")).toList();
        assertThat(warnings).hasSize(2);
        out.getBuffer().setLength(0);

        assertThat(run("plan", "cart.yaml")).isZero();
        assertThat(out.toString()).contains("Look at:").contains(warnings);

        out.getBuffer().setLength(0);
        run("plan", "cart.yaml", "-o", "json");
        JsonNode plan = new ObjectMapper().readTree(out.toString()).get(0);
        assertThat(plan.path("warnings")).hasSize(2);
        assertThat(plan.at("/findings/0/level").asText()).isEqualTo("warning");
        assertThat(plan.at("/findings/0/file").asText()).endsWith("cart.yaml");
    }

    @Test
    void whatTheApiServerRefusesHasNoPlan() throws IOException {
        write(
                "cart.yaml",
                GOOD.replace("interval: 1m", "interval: 3x")
                        .replace("threshold: 2", "treshold: 2"));

        assertThat(run("plan", "cart.yaml")).isEqualTo(1);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .contains("Canary shop/cart is refused:", "found '3x'", "is threshold meant?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replicas: 10 | 17% | 17% of the requests.",
                "paused: false | >=10% | 10% of the requests or more, by how many pods there are.",
            })
    void aPlanByPodsSaysTheSharesThatTheyMake(String size, String first, String most)
            throws IOException {
        write(
                "cart.yaml",
                GOOD.replace("spec:\n", "spec:\n  provider: kubernetes\n")
                                .replace("stepWeight: 25", "stepWeights: [10]")
                                .replace("    maxWeight: 50\n", "    replicas: weighted\n")
                        + """
                        ---
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: cart, namespace: shop}
                        spec:
                          %s
                          selector: {matchLabels: {app: cart}}
                          template:
                            metadata: {labels: {app: cart, serinus.dev/traffic: cart}}
                            spec: {containers: [{name: cart, image: cart, readinessProbe: {}}]}
                        """
                                .formatted(size));

        assertThat(run("plan", "cart.yaml")).as(err.toString()).isZero();

        assertThat(out.toString())
                .containsPattern("0s +\\S+ +" + first + " +Progressing +The canary has 10 %")
                .contains("until then it has up to " + most);
        boolean known = first.equals("17%");
        assertThat(out.toString().contains("Its pods make it 17 %.")).isEqualTo(known);

        out.getBuffer().setLength(0);
        run("plan", "cart.yaml", "-o", "json");
        JsonNode plan = new ObjectMapper().readTree(out.toString()).get(0);
        assertThat(plan.path("sharesKnown").asBoolean()).isEqualTo(known);
        assertThat(plan.at("/ifEveryCheckFails/mostWeight").asInt()).isEqualTo(known ? 17 : 10);
        assertThat(plan.at("/atBest/steps"))
                .filteredOn(step -> step.path("canaryWeight").asInt() == 10)
                .isNotEmpty()
                .allMatch(step -> step.path("share").asInt() == (known ? 17 : 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gatewayapi:v1 | gatewayRefs: [{name: public, namespace: gateways}] | Gateway"
                        + " gateways/public",
                "gatewayapi:v1 | routeRefs: [{kind: HTTPRoute, name: cart}] | HTTPRoute cart",
                "istio | gateways: [public/gateway, mesh] | Gateway public/gateway",
                "istio | hosts: [cart.example] | ",
            })
    void aPlanNamesWhatItNeedsAndNoRouteThatIsMade(
            String provider, String service, @Nullable String needs) throws IOException {
        write("cart.yaml", GOOD.replace("{port: 80}", "{port: 80, " + service + "}"));

        assertThat(run("plan", "cart.yaml", "--mesh-provider", provider))
                .as(err.toString())
                .isZero();

        assertThat(
                        out.toString()
                                .lines()
                                .filter(each -> each.startsWith("Needs of yours: "))
                                .toList())
                .isEqualTo(needs == null ? List.of() : List.of("Needs of yours: " + needs));
    }

    @Test
    void aPlanNamesTheIngressThatItReads() throws IOException {
        write(
                "cart.yaml",
                GOOD.replace(
                        "spec:\n",
                        "spec:\n  provider: nginx\n  ingressRef: {apiVersion: networking.k8s.io/v1,"
                                + " kind: Ingress, name: shop}\n"));

        run("plan", "cart.yaml");

        assertThat(out.toString()).contains("Needs of yours: Ingress shop\n");
    }

    @Test
    void noSecretOfAManifestIsPrinted() throws IOException {
        write("cart.yaml", GOOD);

        run("plan", "cart.yaml");
        run("plan", "cart.yaml", "-o", "json");
        run("lint", "cart.yaml");

        assertThat(out.toString() + err).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://tester.shop?token=hunter2",
                "https://tester.shop#hunter2",
                "https://user:pa/hunter2@tester.shop/run",
                "https://hunter2@tester.shop",
                "https://user:hunter2@tester.shop?a=b@c"
            })
    void ofAnAddressNothingButTheHostIsPrinted(String url) throws IOException {
        write("cart.yaml", GOOD.replaceAll("url: .*", "url: '" + url + "'"));

        assertThat(run("plan", "cart.yaml")).isZero();

        assertThat(out.toString() + err).contains("load (rollout) at ").doesNotContain("hunter2");
    }

    @Test
    void theWorstIsNoRollbackWhereAMetricToleratesLess() throws IOException {
        write(
                "cart.yaml",
                GOOD.replace("threshold: 2", "threshold: 5")
                        .replace(
                                "thresholdRange: {min: 99}",
                                "thresholdRange: {min: 99}\n      consecutiveFailures: 2"));

        run("plan", "cart.yaml");

        assertThat(out.toString()).contains("hooks take all their time, 1 check fails, which may");
    }

    @Test
    void aPlanOfChosenRequestsSaysWhomABadReleaseMeets() throws IOException {
        write(
                "cart.yaml",
                GOOD.replace("    stepWeight: 25\n    maxWeight: 50\n", "    iterations: 5\n")
                        .replace(
                                "    metrics:",
                                "    match: [{headers: {x-canary: {exact: yes-please}}}]\n"
                                        + "    metrics:"));

        assertThat(run("plan", "cart.yaml")).isZero();

        assertThat(out.toString()).contains("until then all requests that match meet it.");
    }

    @Test
    void stepsThatSayTheSameAreOneRowAndAllOfTheJson() throws IOException {
        write(
                "cart.yaml",
                GOOD.replace("interval: 1m", "interval: 1h")
                        .replace("    stepWeight: 25\n    maxWeight: 50\n", "    iterations: 168\n")
                        .replace(
                                "    metrics:",
                                "    match: [{headers: {x-canary: {exact: yes-please}}}]\n"
                                        + "    metrics:"));

        run("plan", "cart.yaml");

        assertThat(out.toString().lines().filter(line -> line.contains("matched")))
                .hasSize(3)
                .anySatisfy(
                        row ->
                                assertThat(row)
                                        .matches(
                                                "  0s +9m59s +matched +Progressing +Requests that"
                                                        + " match meet the canary\\."))
                .anySatisfy(
                        row ->
                                assertThat(row)
                                        .matches(
                                                "  to 167h0m0s +to \\S+ +matched +Progressing +…"
                                                        + " 167 more checks, one each 1h0m0s"));

        out.getBuffer().setLength(0);
        run("plan", "cart.yaml", "-o", "json");
        assertThat(new ObjectMapper().readTree(out.toString()).at("/0/atBest/steps"))
                .filteredOn(step -> step.path("meets").asText().equals("matched"))
                .hasSizeGreaterThan(168);
    }

    @Test
    void aPlanSaysWhoIsToldAndWhatMayTakeTheReleaseBack() throws IOException {
        write(
                "cart.yaml",
                GOOD.replace("    threshold: 2\n", "")
                        .replace(
                                "    webhooks:\n",
                                """
                                    alerts:
                                    - {name: on-call, severity: error, providerRef: {name: pager, namespace: ops}}
                                    - {name: team, providerRef: {name: chat}}
                                    webhooks:
                                    - {name: undo, type: rollback, url: "http://migrations.shop/down"}
                                    - {name: report, type: event, url: "http://reports.shop/"}
                                """));

        run("plan", "cart.yaml");

        assertThat(out.toString())
                .contains("; unless rollback hook undo answers 2xx, which takes it back at once.")
                .contains("taken back after 5m0s (threshold is not set and counts as 5); until")
                .contains("  undo (rollback) at http://migrations.shop: 3 times\n")
                .containsPattern(
                        "  report \\(event\\) at http://reports.shop: \\d+ times, for each event\n")
                .contains("  on-call: errors, by AlertProvider ops/pager\n")
                .contains("  team: all that happens, by AlertProvider shop/chat\n");

        out.getBuffer().setLength(0);
        run("plan", "cart.yaml", "-o", "json");
        JsonNode plan = new ObjectMapper().readTree(out.toString()).get(0);
        assertThat(plan.at("/alerts/0").toString())
                .isEqualTo(
                        "{\"name\":\"on-call\",\"severity\":\"error\",\"provider\":\"ops/pager\"}");
        assertThat(plan.at("/atBest/hooks/0").toString())
                .isEqualTo(
                        "{\"name\":\"undo\",\"type\":\"rollback\",\"calls\":3,\"takesBack\":true}");
    }

    @Test
    void aPlanOfOneThatNamesNoAlertsSaysSo() throws IOException {
        write("cart.yaml", GOOD);

        run("plan", "cart.yaml");

        assertThat(out.toString())
                .contains("Tells: it names no alerts, so the installation's chat where it has one")
                .doesNotContain("unless", "threshold is not set");
    }

    @Test
    void aPlanAsJsonHasAllThreeCourses() throws IOException {
        write("cart.yaml", GOOD);

        run("plan", "cart.yaml", "-o", "json");

        JsonNode plan = new ObjectMapper().readTree(out.toString()).get(0);
        assertThat(plan.at("/atBest/lastsMillis").asLong()).isEqualTo(180_000);
        assertThat(plan.at("/atWorst/lastsMillis").asLong()).isGreaterThan(180_000);
        assertThat(plan.at("/ifEveryCheckFails/end").asText()).isEqualTo("Failed");
    }

    @Test
    void onesOfAFolderAreAllPlannedAndTheRefusedOneIsTold() throws IOException {
        write("a.yaml", GOOD);
        write("b.yml", GOOD.replace("stepWeight: 25", "stepWeight: 0").replace("cart,", "till,"));

        assertThat(run("plan", ".")).isEqualTo(1);

        assertThat(out.toString()).contains("shop/cart").doesNotContain("shop/till");
        assertThat(err.toString())
                .contains("Canary shop/till is refused:")
                .containsPattern("b.yml:11: error: Canary shop/till: spec.analysis.stepWeight ");
    }

    @Test
    void whatIsGoodIsSaidToBe() throws IOException {
        write("cart.yaml", GOOD);

        assertThat(run("lint", ".")).isZero();

        assertThat(out.toString())
                .isEqualTo("1 of 1 resources judged: 0 wrong, 0 warnings, 0 notes\n");
    }

    @Test
    void everyMistakeIsToldWithItsLine() throws IOException {
        write(
                "cart.yaml",
                GOOD.replace("threshold: 2", "treshold: 2")
                        .replace("port: 80", "port: 80000")
                        .replace("min: 99", "min: 99, max: 1"));

        assertThat(run("lint", "cart.yaml")).isEqualTo(1);

        assertThat(out.toString())
                .containsPattern(
                        "cart.yaml:10: warning: Canary shop/cart: spec.analysis.treshold is no"
                                + " field, so that the API server drops it; is threshold meant\\?")
                .containsPattern("cart.yaml:7: error: Canary shop/cart: spec.service.port ")
                .containsPattern(
                        "cart.yaml:15: error: Canary shop/cart: spec.analysis.metrics\\[0]"
                                + ".thresholdRange min must not be above max")
                .contains("2 wrong, 1 warnings");
    }

    @Test
    void allDocumentsOfAStreamAreJudgedAndListsToo() throws IOException {
        write(
                "all.yaml",
                """
                apiVersion: v1
                kind: List
                items:
                - apiVersion: flagger.app/v1beta1
                  kind: AlertProvider
                  metadata: {name: chat}
                  spec: {type: slakc, address: "https://chat.example/hunter2"}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: other}
                ---
                apiVersion: flagger.app/v1beta1
                kind: MetricTemplate
                metadata: {name: errors}
                spec: {query: "1"}
                """);

        assertThat(run("lint", "all.yaml")).isEqualTo(1);

        assertThat(out.toString())
                .containsPattern("all.yaml:7: error: AlertProvider chat: spec.type must be one of")
                .as("the same words in each run")
                .contains(
                        "must be one of "
                                + String.join(", ", new TreeSet<>(new ServicesHere().alertTypes())))
                .containsPattern("all.yaml:16: error: MetricTemplate errors: spec.provider ")
                .contains("2 of 3 resources judged: 2 wrong")
                .contains(
                        "not looked at, as only what is of flagger.app is, and what its valid"
                                + " resources name: ConfigMap other\n")
                .doesNotContain("hunter2");
    }

    @Test
    void whatARuleSaysOfAMissingFieldIsSaidOnce() throws IOException {
        write("cart.yaml", GOOD.replace("    stepWeight: 25\n    maxWeight: 50\n", ""));

        run("lint", "cart.yaml");

        assertThat(out.toString())
                .contains("spec.analysis.stepWeight no step would ever be taken", " 1 wrong")
                .doesNotContain("spec.analysis is wrong");
    }

    /** Whoever mends one of them has not to look again for the next. */
    @Test
    void mistakesThatOnceHidEachOtherAreToldTogether() throws IOException {
        write(
                "all.yaml",
                GOOD.replace(
                                "url: https://user:hunter2@tester.shop/run?token=hunter2",
                                "url: loadtester.test\n      type: pre-rolout\n      timeout: soon")
                        + """
                        ---
                        apiVersion: flagger.app/v1beta1
                        kind: AlertProvider
                        metadata: {name: chat}
                        spec: {type: github, proxy: "ftp://user:hunter2@proxy", messageTemplate: "{{ x"}
                        ---
                        apiVersion: flagger.app/v1beta1
                        kind: AlertProvider
                        metadata: {name: good}
                        spec: {type: slack, address: "https://chat.example", proxy: "${PROXY}"}
                        """);

        run("lint", "all.yaml");

        assertThat(out.toString())
                .contains(
                        "webhooks[0].type must be one of ",
                        "webhooks[0].url must begin with http://",
                        "webhooks[0].timeout must ",
                        "AlertProvider chat: spec is wrong: exactly one of address, secretRef",
                        "AlertProvider chat: spec.proxy must be http://HOST:PORT",
                        "AlertProvider chat: spec.messageTemplate is no template",
                        "6 wrong")
                .doesNotContain("hunter2");
    }

    @Test
    void aTemplateThatCannotBeReadIsToldByPath() throws IOException {
        write(
                "all.yaml",
                """
                apiVersion: flagger.app/v1beta1
                kind: AlertProvider
                metadata: {name: chat}
                spec:
                  type: slack
                  address: "https://chat.example"
                  messageTemplate: "{{ .Namespace"
                ---
                apiVersion: flagger.app/v1beta1
                kind: MetricTemplate
                metadata: {name: errors}
                spec:
                  provider: {type: prometheus, address: "http://prometheus:9090"}
                  query: "sum({{ namespace )"
                ---
                apiVersion: flagger.app/v1beta1
                kind: AlertProvider
                metadata: {name: other}
                spec:
                  type: slack
                  address: "https://chat.example"
                  messageTemplate: "{{ if .Actor }}by {{ .Actor }}{{ end }}"
                """);

        assertThat(run("lint", "all.yaml")).isNotZero();

        assertThat(out.toString())
                .contains("spec.messageTemplate is no template: line 1: ")
                .contains("spec.query is no template: line 1: ")
                .contains("2 wrong");
    }

    @Test
    void hooksThatDoNotDoWhatTheirAuthorMayThinkAreToldOf() throws IOException {
        write(
                "cart.yaml",
                GOOD.replace(
                        """
                            - name: load
                              url: https://user:hunter2@tester.shop/run?token=hunter2
                        """,
                        """
                            - name: more
                              type: confirm-traffic-increase
                              url: "http://gates.shop/more?weight={{ canaryWieght }}&x={{ wait }}"
                            - name: more
                              type: confirm-promotion
                              url: http://loadtester.shop/gate/check
                            - name: shell
                              type: pre-rollout
                              url: http://flagger-loadtester.test/
                              metadata: {type: bassh, cmd: "echo {{ .Name }} {{ name }} {{ phse }}"}
                            - name: nothing
                              url: http://load-tester.shop/
                              metadata: {type: bash}
                            - name: job
                              url: http://loadtester.shop/
                              metadata: {type: job, key: acceptance.yaml}
                            - name: good
                              url: http://loadtester.shop/
                              metadata: {cmd: "hey http://cart-canary.shop/?w={{canaryWeight}}"}
                        """));

        assertThat(run("lint", "cart.yaml")).isZero();

        assertThat(out.toString())
                .contains(
                        "cart.yaml:19: warning: Canary shop/cart: spec.analysis.webhooks[0].url:"
                                + " {{ canaryWieght }} is none of the facts canaryWeight,")
                .contains("it is sent as it stands; is canaryWeight meant?")
                .contains("webhooks[0].url: {{ wait }} is none of the facts")
                .contains("webhooks[1].name: is that of the gate webhooks[0] too")
                .contains("webhooks[2].metadata: type has to be one of cmd, bash, helm")
                .contains("webhooks[2].metadata.cmd: {{ phse }} is none of the facts")
                .contains("webhooks[3].metadata: type bash needs cmd")
                .contains("webhooks[4].metadata: type job needs configMap")
                .contains("0 wrong, 7 warnings")
                .doesNotContain("{{ name }}", "webhooks[5]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {address: 'ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]'}",
                "data: {address: '${SLACK_ADDRESS}'}",
                "stringData: {address: '${SLACK_ADDRESS}', signingKey: '${KEY}'}",
                "data: {address: \"aHR0cHM6Ly9jaGF0\\nLmV4YW1wbGUv\\n\"}"
            })
    void aValueThatIsPutInLaterOrStandsInSeveralLinesIsNoMistake(String values) throws IOException {
        write(
                "all.yaml",
                """
                apiVersion: flagger.app/v1beta1
                kind: AlertProvider
                metadata: {name: chat, namespace: shop}
                spec: {type: custom, secretRef: {name: chat}}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: chat, namespace: shop}
                """
                        + values);

        assertThat(run("lint", ".")).as(out.toString()).isZero();

        assertThat(out.toString()).contains("0 wrong, 0 warnings");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1",
                "kind: Secret\napiVersion: v1\nmetadata: {name: chat, namespace: shop}\n"
                        + "stringData: {address: 'https://chat.example'}"
            })
    void aKeyThatAnOverlayMayBringIsNoError(String beside) throws IOException {
        write("beside.yaml", beside);
        write(
                "all.yaml",
                """
                apiVersion: flagger.app/v1beta1
                kind: AlertProvider
                metadata: {name: chat, namespace: shop}
                spec: {type: slack, secretRef: {name: chat}}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: chat, namespace: shop}
                data: {token: "no:base64"}
                """);

        assertThat(run("lint", ".")).isZero();

        assertThat(out.toString())
                .contains("needs the key address", "has a value in data that is no base64")
                .contains("0 wrong, 2 warnings");
    }

    @Test
    void aSecretWithoutTheKeyThatIsNeededIsToldOfWithoutItsValues() throws IOException {
        write(
                "all.yaml",
                """
                apiVersion: flagger.app/v1beta1
                kind: AlertProvider
                metadata: {name: chat, namespace: shop}
                spec: {type: slack, secretRef: {name: chat}}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: chat, namespace: shop}
                stringData: {adress: "https://chat.example/hunter2"}
                ---
                apiVersion: flagger.app/v1beta1
                kind: AlertProvider
                metadata: {name: pager, namespace: shop}
                spec: {type: pagerduty, secretRef: {name: pager}}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: pager, namespace: shop}
                data: {key: aHVudGVyMg==}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: pager, namespace: till}
                data: {token: aHVudGVyMg==}
                """);
        write(
                "cart.yaml",
                GOOD.replace("tester.shop/run", "tests.shop/run")
                        + "      secretRef: {name: tests}\n");
        write(
                "tests.yaml",
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: tests, namespace: shop}
                stringData: {token: hunter2}
                """);

        assertThat(run("lint", ".")).isEqualTo(1);

        assertThat(out.toString())
                .containsPattern(
                        "all.yaml:4: error: AlertProvider shop/chat: spec.secretRef the Secret chat"
                                + " \\(.*all.yaml:8\\) needs the key address\n")
                .contains("has the key adress, which is not read; is address meant?")
                .contains("needs the key token, an integration's routing key")
                .containsPattern(
                        "webhooks\\[0].secretRef the Secret tests .* has no label serinus.dev")
                .contains("has the key token, which is sent as a header of that name")
                .contains("3 of 7 resources judged: 3 wrong, 2 warnings")
                .contains("what its valid resources name: Secret till/pager\n")
                .contains("looked at for their keys alone: Secret shop/chat, Secret shop/pager,")
                .doesNotContain("hunter2", "aHVudGVyMg");
    }

    private static final String WEIGHTED =
            """
            apiVersion: flagger.app/v1beta1
            kind: Canary
            metadata: {name: cart, namespace: shop}
            spec:
              provider: kubernetes
              targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
              service: {port: 80, targetPort: http}
              analysis:
                interval: 1m
                threshold: 2
                replicas: weighted
                stepWeights: [10, 30, 50]
                metrics:
                - {name: request-success-rate, interval: 1m, thresholdRange: {min: 99}}
            """;

    private static final String TARGET =
            """
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: cart, namespace: shop}
            spec:
              replicas: 20
              selector: {matchLabels: {app: cart}}
              template:
                metadata: {labels: {app: cart, serinus.dev/traffic: cart}}
                spec:
                  containers:
                  - name: cart
                    ports: [{name: http, containerPort: 8080}]
                    readinessProbe: {httpGet: {path: /, port: http}}
            """;

    private static final String SCALER =
            """
            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: cart, namespace: shop}
            spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}, maxReplicas: 20}
            """;

    private static final String SCALED_OBJECT =
            """
            ---
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: {name: cart, namespace: shop}
            spec: {scaleTargetRef: {name: cart}}
            """;

    private static final String SERVICE =
            """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: cart, namespace: shop}
            spec: {selector: {app: cart}, ports: [{port: 80}]}
            """;

    /** By the rules of the router, at the lines of what is wrong. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    , serinus.dev/traffic: cart}   | }                           | 23: error: Deployment shop/cart: spec.template.metadata.labels is refused: the pods of deployment cart have no label serinus.dev/traffic: cart
                    serinus.dev/traffic: cart}     | serinus.dev/traffic: card}  | 23: error: Deployment shop/cart: spec.template.metadata.labels is refused
                    replicas: 20                   | replicas: 3                 | 20: error: Deployment shop/cart: spec.replicas is refused: 1 of the canary's pods beside 3 of cart-primary gets 25 percent
                    replicas: 20                   | replicas: 4                 | 20: note: Deployment shop/cart: spec.replicas is 4, of which the weights 10, 30, 50 are 20, 33, 50 percent
                    replicas: 20                   | paused: false               | note: Deployment shop/cart: spec.replicas is not set, and a new Deployment has 1 then
                    matchLabels: {app: cart}       | matchLabels: {tier: cart}   | 21: error: Deployment shop/cart: spec.selector.matchLabels is refused: getSelectorLabel failed
                    targetPort: http               | targetPort: web             | 7: warning: Canary shop/cart: spec.service.targetPort is 'web', and no container of Deployment shop/cart
                    readinessProbe                 | livenessProbe               | 25: warning: Deployment shop/cart: spec.template.spec.containers have no readinessProbe
                    kind: Deployment, name: cart   | kind: Deployment, name: carts | 6: note: Canary shop/cart: spec.targetRef Deployment shop/carts is not in these files: it has to be in the cluster, with the label serinus.dev/traffic: cart on its pods (spec.template.metadata.labels), and at least 4 of them for 10 percent; is cart meant?
                    """)
    void whatTheClusterWouldRefuseOfATargetIsToldAtItsLine(
            String written, String instead, String told) throws IOException {
        String both = (WEIGHTED + TARGET).replaceFirst("(?s)" + Pattern.quote(written), instead);
        assertThat(both).isNotEqualTo(WEIGHTED + TARGET);
        write("cart.yaml", both);

        assertThat(run("lint", "cart.yaml")).isEqualTo(told.contains("error") ? 1 : 0);

        assertThat(out.toString()).contains("cart.yaml:" + told.replaceFirst("^note", "19: note"));
    }

    @Test
    void othersThatChangeTheShareOfPodsAreToldWhereTheyStand() throws IOException {
        write(
                "all.yaml",
                WEIGHTED
                        + TARGET
                        + SCALED_OBJECT
                        + TARGET.replace("{name: cart, namespace", "{name: other, namespace")
                        + TARGET.replace(
                                "{name: cart, namespace: shop", "{name: x, namespace: till"));

        assertThat(run("lint", "all.yaml")).isEqualTo(1);

        assertThat(out.toString())
                .contains(
                        ":33: error: ScaledObject shop/cart: spec.scaleTargetRef is refused:"
                                + " HorizontalPodAutoscaler keda-hpa-cart.shop sizes cart")
                .contains(
                        ":42: error: Deployment shop/other: spec.template.metadata.labels is"
                                + " refused: pods of Deployment other.shop have the label")
                .contains("2 wrong, 0 warnings")
                .contains("valid resources name: Deployment till/x\n")
                .contains(
                        "release them: Deployment shop/cart, ScaledObject shop/cart, Deployment"
                                + " shop/other");
    }

    /** With a mesh: what is right needs no word, and what is not is told. */
    @Test
    void autoscalersAndServicesOfOtherThingsAreTold() throws IOException {
        String canary = GOOD + "---\n";
        write("right.yaml", canary + TARGET + SERVICE);
        String named =
                canary.replace(
                                "  service:",
                                "  autoscalerRef: {apiVersion: autoscaling/v2, kind:"
                                        + " HorizontalPodAutoscaler, name: cart}\n"
                                        + "  service:")
                        + TARGET
                        + SCALER;
        write("named.yaml", named);
        write("unnamed.yaml", canary + TARGET + SCALER);
        write("other.yaml", named.replace("name: cart}, max", "name: till}, max"));
        write("service.yaml", canary + TARGET + SERVICE.replace("app: cart", "app: till"));

        assertThat(run("lint", "--strict", "right.yaml")).as(out.toString()).isZero();
        assertThat(run("lint", "--strict", "named.yaml")).as(out.toString()).isZero();
        assertThat(run("lint", "--strict", "unnamed.yaml")).isEqualTo(1);
        assertThat(out.toString())
                .contains("spec.autoscalerRef is not set, and HorizontalPodAutoscaler shop/cart");
        assertThat(run("lint", "--strict", "other.yaml")).isEqualTo(1);
        assertThat(out.toString())
                .contains("spec.scaleTargetRef is Deployment till, and Canary shop/cart");
        assertThat(run("lint", "--strict", "service.yaml")).isEqualTo(1);
        assertThat(out.toString())
                .contains("spec.selector selects no pods of Deployment shop/cart");
    }

    /** What a patch or a variable makes of it is not known here. */
    @Test
    void whatIsMadeElsewhereIsNotJudged() throws IOException {
        String wrong = WEIGHTED + TARGET.replace("replicas: 20", "replicas: 2");
        write("cart.yaml", wrong);
        write(
                "kustomization.yaml",
                "resources: [cart.yaml]\nreplicas: [{name: cart, count: 20}]\n");
        write("a.yaml", wrong);
        write("b.yaml", TARGET.replace("replicas: 20", "replicas: 1"));
        write("put.yaml", wrong.replace("replicas: 2", "replicas: ${PODS}"));

        assertThat(run("lint", "cart.yaml", "kustomization.yaml")).isZero();
        assertThat(out.toString()).contains("as a kustomization here changes what is applied");
        assertThat(run("lint", "a.yaml", "b.yaml")).as(out.toString()).isZero();
        assertThat(run("lint", "--strict", "put.yaml")).as(out.toString()).isZero();
        assertThat(run("lint", "cart.yaml")).isEqualTo(1);
    }

    @Test
    void whatWasMeantToBeACanaryIsTold() throws IOException {
        write("part.yaml", "webhooks:\n- {name: load, url: \"http://tester.shop/\"}\n");
        write("version.yaml", GOOD.replace("flagger.app/v1beta1", "flagger.app/v1beta"));
        write("group.yaml", GOOD.replace("flagger.app/v1beta1", "flager.app/v1beta1"));
        write("kind.yaml", GOOD.replace("kind: Canary\n", ""));
        write("apiversion.yaml", GOOD.replace("apiVersion: flagger.app/v1beta1\n", ""));
        write("values.yaml", "service: {port: 80}\nmetrics: {enabled: true}\nimage: {tag: a}\n");
        write("chart.yaml", "apiVersion: v2\nname: cart\nversion: 1.0.0\n");

        assertThat(run("lint", "part.yaml")).isZero();
        assertThat(out.toString())
                .contains(
                        "part.yaml:1: warning: webhooks stands in no resource",
                        "below spec.analysis");
        assertThat(run("plan", "part.yaml")).isEqualTo(2);
        assertThat(err.toString()).contains("webhooks stands in no resource");
        for (String file : List.of("version", "group", "kind", "apiversion")) {
            assertThat(run("lint", file + ".yaml")).as(file).isEqualTo(1);
        }
        assertThat(out.toString())
                .contains(
                        "found 'flagger.app/v1beta'",
                        "'flager.app/v1beta1', of which no API server",
                        "kind is missing",
                        "apiVersion is missing");
        assertThat(run("lint", "values.yaml", "chart.yaml")).isZero();
        assertThat(run("lint", "--strict", "values.yaml", "chart.yaml")).isEqualTo(1);
        assertThat(err.toString()).contains("nothing here is of flagger.app");
    }

    @Test
    void hooksAreHeldAgainstWhatALoadTesterDoes() throws IOException {
        write(
                "cart.yaml",
                GOOD.replace(
                                "user:hunter2@tester.shop/run?token=hunter2",
                                "loadtester.shop/gate/check")
                        + """
                            - {name: open, type: confirm-rollout, url: "http://flagger-loadtester.test/gate/open"}
                            - {name: near, type: confirm-promotion, url: "http://loadtester/gate/chek"}
                            - {name: other, type: post-rollout, url: "http://flags/api", metadata: {method: PATCH}}
                        """);

        assertThat(run("lint", "cart.yaml")).as(out.toString()).isZero();

        assertThat(out.toString())
                .contains(".url: /gate/check fails the check while it is closed")
                .contains(
                        ".url: /gate/open is answered 2xx whoever asks, so that confirm-rollout"
                                + " opens at once")
                .contains(".url: there is no /gate/chek")
                .contains(".url: loadtester names no namespace")
                .contains(".metadata.method: is sent as any other word");
    }

    @Test
    void aThresholdThatIsNotSetIsNoted() throws IOException {
        write("cart.yaml", GOOD.replaceFirst("    threshold: \\d+\n", ""));

        assertThat(run("lint", "--strict", "cart.yaml")).as(out.toString()).isZero();

        assertThat(out.toString())
                .contains(
                        "spec.analysis.threshold is not set, and 5 is taken: a release of which"
                                + " every check fails is taken back after 5 of them");
    }

    @Test
    void everyMistakeOfAMailProviderIsToldByPath() throws IOException {
        write(
                "all.yaml",
                """
                apiVersion: flagger.app/v1beta1
                kind: AlertProvider
                metadata: {name: mail}
                spec:
                  type: email
                  secretRef: {name: mail}
                  from: serinus
                  to: ["team@shop.example", "Team <team@shop.example>"]
                ---
                apiVersion: flagger.app/v1beta1
                kind: AlertProvider
                metadata: {name: pager}
                spec: {type: pagerduty, secretRef: {name: pager}, digest: 10m}
                ---
                apiVersion: flagger.app/v1beta1
                kind: AlertProvider
                metadata: {name: chat}
                spec: {type: slack, secretRef: {name: chat}, digest: 30s}
                """);

        assertThat(run("lint", "all.yaml")).isEqualTo(1);

        assertThat(out.toString())
                .contains("all.yaml:7: error: AlertProvider mail: spec.from must be a mail address")
                .contains(
                        "all.yaml:8: error: AlertProvider mail: spec.to[1] must be a mail address")
                .contains("error: AlertProvider pager: spec.digest has to be left out")
                .contains("error: AlertProvider chat: spec.digest must be 1m to 24h");
    }

    @Test
    void whatTheApiServerWouldRefuseIsRefused() throws IOException {
        write(
                "all.yaml",
                """
                apiVersion: flagger.app/v1beta1
                kind: AlertProvider
                metadata: {name: chat}
                spec: {type: slack, address: "https://chat.example", secretRef: {name: chat}}
                ---
                apiVersion: flagger.app/v1beta1
                kind: Canary
                metadata: {name: cart}
                spec:
                  targetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}
                  autoscalerRef:
                    apiVersion: autoscaling/v2
                    kind: HorizontalPodAutoscaler
                    name: cart
                    primaryScalerReplicas: {minReplicas: 0}
                  service: {port: 80}
                  analysis:
                    interval: 1m
                    stepWeight: 10
                    metrics: [{name: request-success-rate, thresholdRange: {min: 99}}]
                """);

        assertThat(run("lint", ".")).isEqualTo(1);

        assertThat(out.toString())
                .contains("exactly one of address, secretRef has to be set")
                .contains("primaryScalerReplicas.minReplicas must be at least 1; found 0")
                .contains("2 wrong");
    }

    @Test
    void referencesToWhatIsNotThereAreNotes() throws IOException {
        write(
                "cart.yaml",
                GOOD.replace(
                        "- name: request-success-rate",
                        "- name: errors\n      templateRef: {name: errors, namespace: ops}"));

        assertThat(run("lint", "cart.yaml")).isZero();
        assertThat(out.toString())
                .contains("note: ")
                .contains("MetricTemplate ops/errors is not in these files");
    }

    @Test
    void warningsAreMistakesWhereSoAsked() throws IOException {
        write("cart.yaml", GOOD.replace("stepWeight: 25", "stepWeight: 80"));

        assertThat(run("lint", "cart.yaml")).isZero();
        assertThat(run("lint", "--strict", "cart.yaml")).isEqualTo(1);
        assertThat(out.toString()).contains("the first step already sends 80% of all requests");
    }

    @Test
    void whatIsNoYamlIsSaidWithItsLine() throws IOException {
        write("bad.yaml", "a: 1\nb: [1, 2\nc: 3\n");

        assertThat(run("lint", "bad.yaml")).isEqualTo(1);
        assertThat(out.toString()).containsPattern("bad.yaml:3: error: is no YAML: ");
    }

    @Test
    void sarifNamesFileAndLine() throws IOException {
        write("cart.yaml", GOOD.replace("port: 80", "port: 80000"));

        assertThat(run("lint", "cart.yaml", "-o", "sarif")).isEqualTo(1);

        JsonNode sarif = new ObjectMapper().readTree(out.toString());
        assertThat(sarif.path("version").asText()).isEqualTo("2.1.0");
        JsonNode result = sarif.at("/runs/0/results/0");
        assertThat(result.path("level").asText()).isEqualTo("error");
        assertThat(result.at("/locations/0/physicalLocation/region/startLine").asInt())
                .isEqualTo(7);
        assertThat(sarif.at("/runs/0/tool/driver/rules").findValuesAsText("id"))
                .contains(result.path("ruleId").asText());
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    @Test
    void theRevisionOfAWorkloadIsTheOneThatIsReleased() throws IOException {
        String template =
                """
                {"metadata":{"labels":{"app":"cart"}},"spec":{"containers":[{"name":"c","image":"cart:2"}]}}\
                """
                        .strip();
        write(
                "cart.yaml",
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: cart, uid: some}
                spec: {replicas: 3, template: %s}
                """
                        .formatted(template));

        assertThat(run("revision", "cart.yaml")).isZero();

        assertThat(out.toString().strip())
                .isEqualTo(Revision.of(new ObjectMapper().readTree(template)));
    }

    @Test
    void theNodesOfACanarysPodsAreNoOtherRevision() throws IOException {
        var target =
                new ObjectMapper()
                        .readValue(
                                """
                                {"apiVersion": "apps/v1", "kind": "Deployment",
                                 "metadata": {"name": "cart", "uid": "some"},
                                 "spec": {"template": {"spec": {"containers": []}}}}
                                """,
                                ObjectNode.class);
        var spot = new ObjectMapper().readTree("{\"nodeSelector\": {\"a\": \"b\"}}");
        write("cart.yaml", CanaryScheduling.scheduled(target, spot).toString());

        assertThat(run("revision", "cart.yaml")).isZero();

        assertThat(out.toString().strip()).isEqualTo(Revision.of(target.at("/spec/template")));
    }

    @Test
    void theRevisionOfWhatNoClusterShowsIsNotSaid() throws IOException {
        write("cart.yaml", GOOD);

        assertThat(run("revision", "cart.yaml")).isEqualTo(2);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("metadata.uid").contains("no target of a Canary");
    }

    private int run(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command));
        Arrays.stream(arguments)
                .map(
                        each ->
                                each.equals(".") || each.endsWith(".yaml")
                                        ? folder.resolve(each).toString()
                                        : each)
                .forEach(all::add);
        return line.execute(all.toArray(String[]::new));
    }
}
