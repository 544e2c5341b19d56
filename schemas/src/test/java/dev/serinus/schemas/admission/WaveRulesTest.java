package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Manifests;
import dev.serinus.schemas.events.GateTimeout;
import dev.serinus.schemas.events.OnGateTimeout;
import dev.serinus.schemas.events.Predecessor;
import dev.serinus.schemas.events.Problem;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** Canaries that are to be promoted before this one, podinfo in namespace shop of eu-1, begins. */
class WaveRulesTest {

    private static final Installation OPEN = Installation.named("eu-1");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {name: ''}                            | [0].name      | must not be empty
                    {name: Api}                           | [0].name      | cannot be a name
                    {name: podinfo}                       | [0]           | names this Canary itself
                    {name: podinfo, namespace: shop}      | [0]           | names this Canary itself
                    {name: podinfo, cluster: eu-1}        | [0]           | names this Canary itself
                    {name: api, namespace: a.b}           | [0].namespace | cannot be a name
                    {name: api, cluster: ../x}            | [0].cluster   | cannot be a name
                    {name: api, soak: soon}               | [0].soak      | was soon
                    {name: api, soak: 721h}               | [0].soak      | no longer than 720h
                    {name: a}, {name: a, namespace: shop} | [1]           | names the same Canary
                    {name: api, timeout: soon}            | [0].timeout   | must be a time above 0
                    {name: api, timeout: 721h}            | [0].timeout   | no longer than 720h
                    {name: api, onTimeout: hold}          | [0].onTimeout | give timeout as well
                    {name: api, timeout: 1h, onTimeout: x} | [0].onTimeout | must be one of fail, hold, proceed
                    {name: api, onFailure: rollback}      | [0].onFailure | must be one of proceed, stop
                    """)
    void refusesWhatCanNeverBePromotedFirst(String after, String path, String message) {
        var problems = problems(after, OPEN);

        assertThat(problems).extracting(Problem::getPath).containsExactly("spec.after" + path);
        assertThat(problems.getFirst().getMessage()).contains(message);
    }

    @Test
    void refusesMoreThanAnybodyWaitsFor() {
        var many = String.join(", ", Collections.nCopies(17, "{name: api, cluster: us}"));

        assertThat(problems(many, OPEN))
                .extracting(Problem::getMessage)
                .contains("must have at most 16 entries, has 17");
    }

    @Test
    void refusesAnotherNamespaceWhereTheInstallationDoes() {
        var strict =
                new Installation(
                        "eu-1",
                        null,
                        "istio",
                        "http://prometheus:9090",
                        Duration.ofSeconds(10),
                        List.of("app"),
                        true,
                        List.of(),
                        true);

        assertThat(problems("{name: api, namespace: pay}", strict))
                .extracting(Problem::getPath)
                .containsExactly("spec.after[0].namespace");
        assertThat(problems("{name: api, namespace: shop, cluster: us}", strict)).isEmpty();
    }

    @Test
    void leavesOpenWhatIsTheCanarysOwn() {
        var admitted =
                (Admission.Admitted)
                        admit(
                                "{name: api}, {name: podinfo, cluster: us, namespace: pay, soak:"
                                        + " 10m}",
                                OPEN);

        assertThat(admitted.spec().getRules().getAfter())
                .containsExactly(
                        Predecessor.newBuilder().setName("api").build(),
                        Predecessor.newBuilder()
                                .setCluster("us")
                                .setNamespace("pay")
                                .setName("podinfo")
                                .setSoakMillis(Duration.ofMinutes(10).toMillis())
                                .build());
    }

    @Test
    void saysWhatFollowsWhereTheOtherIsNotPromoted() {
        var admitted =
                (Admission.Admitted)
                        admit(
                                "{name: a, timeout: 2h}, {name: b, timeout: 24h, onTimeout: hold},"
                                        + " {name: c, onFailure: proceed, ignoreRegistry: true},"
                                        + " {name: d, onFailure: stop}",
                                OPEN);

        assertThat(admitted.spec().getRules().getAfter())
                .extracting(
                        Predecessor::getLimit,
                        Predecessor::getProceedsOnFailure,
                        Predecessor::getIgnoresRegistry)
                .containsExactly(
                        tuple(limit(2, OnGateTimeout.FAIL), false, false),
                        tuple(limit(24, OnGateTimeout.HOLD), false, false),
                        tuple(null, true, true),
                        tuple(null, false, false));
    }

    private static GateTimeout limit(int hours, OnGateTimeout then) {
        return new GateTimeout(Duration.ofHours(hours).toMillis(), then);
    }

    @Test
    void saysWhoMayWaitForIt() {
        assertThat(paths("awaitedBy: [Pay, '*', a.b]"))
                .containsExactly("spec.awaitedBy[0]", "spec.awaitedBy[2]");
        assertThat(paths("awaitedBy: [" + String.join(", ", Collections.nCopies(65, "pay")) + "]"))
                .containsExactly("spec.awaitedBy");
        var admitted = (Admission.Admitted) admitSpec("awaitedBy: [pay, '*']", OPEN);
        assertThat(admitted.spec().getRules().getAwaitedBy()).containsExactly("pay", "*");
    }

    private static List<String> paths(String spec) {
        return admitSpec(spec, OPEN) instanceof Admission.Refused(var problems)
                ? problems.stream().map(Problem::getPath).toList()
                : List.of();
    }

    private static List<Problem> problems(String after, Installation installation) {
        return admit(after, installation) instanceof Admission.Refused(var problems)
                ? problems
                : List.of();
    }

    private static Admission admit(String after, Installation installation) {
        return admitSpec("after: [%s]".formatted(after), installation);
    }

    private static Admission admitSpec(String spec, Installation installation) {
        return Admissions.admit(CanaryReader.read(Manifests.canary(spec)).resource(), installation);
    }
}
