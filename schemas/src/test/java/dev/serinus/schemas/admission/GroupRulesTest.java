package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Manifests;
import dev.serinus.schemas.events.GateTimeout;
import dev.serinus.schemas.events.GroupMember;
import dev.serinus.schemas.events.OnGateTimeout;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.ReleaseGroup;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** Canaries that are promoted with podinfo in namespace shop of eu-1, or not at all. */
class GroupRulesTest {

    private static final Installation OPEN = Installation.named("eu-1");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    name: A, members: [{name: cart}]                        | .name                  | lower case letters
                    name: g, members: [{name: podinfo}]                     | .members               | names no other Canary
                    name: g, members: [{name: cart}, {name: cart}]          | .members[1]            | names the same Canary
                    name: g, members: [{name: Cart}]                        | .members[0].name       | cannot be a name
                    name: g, members: [{name: cart, namespace: a.b}]        | .members[0].namespace  | cannot be a name
                    name: g, members: [{name: cart, cluster: ../x}]         | .members[0].cluster    | cannot be a name
                    name: g, members: [{name: cart}], timeout: soon         | .timeout               | must be a time above 0
                    name: g, members: [{name: cart}], onTimeout: x          | .onTimeout             | must be one of fail, hold, proceed
                    name: g, members: [{name: api}]                         | .members[0]            | is in spec.after as well
                    """)
    void refusesWhatCouldNeverBePromotedTogether(String group, String path, String message) {
        var problems = problems("after: [{name: api}], group: {%s}".formatted(group));

        assertThat(problems).extracting(Problem::getPath).containsExactly("spec.group" + path);
        assertThat(problems.getFirst().getMessage()).contains(message);
    }

    @Test
    void refusesMoreThanAnybodyWaitsFor() {
        var many = String.join(", ", Collections.nCopies(17, "{name: api, cluster: us}"));

        assertThat(problems("group: {name: g, members: [%s]}".formatted(many)))
                .extracting(Problem::getMessage)
                .contains("must have at most 16 entries, has 17");
    }

    @Test
    void knowsTheOthersAndHasAnEnd() {
        var plain = group("name: g, members: [{name: podinfo}, {name: cart}]");
        var limited =
                group(
                        "name: g, members: [{name: cart, namespace: pay, cluster: us}], timeout:"
                                + " 2h, onTimeout: hold");
        var held = group("name: g, members: [{name: cart}], onTimeout: proceed");

        assertThat(plain)
                .isEqualTo(
                        new ReleaseGroup(
                                "g",
                                List.of(new GroupMember(null, null, "cart")),
                                limit(24, OnGateTimeout.FAIL)));
        assertThat(limited)
                .isEqualTo(
                        new ReleaseGroup(
                                "g",
                                List.of(new GroupMember("us", "pay", "cart")),
                                limit(2, OnGateTimeout.HOLD)));
        assertThat(held.getLimit()).isEqualTo(limit(24, OnGateTimeout.PROCEED));
    }

    private static GateTimeout limit(int hours, OnGateTimeout then) {
        return new GateTimeout(Duration.ofHours(hours).toMillis(), then);
    }

    private static ReleaseGroup group(String group) {
        var admitted = (Admission.Admitted) admit("group: {%s}".formatted(group));
        return admitted.spec().getRules().getGroup();
    }

    private static List<Problem> problems(String spec) {
        return admit(spec) instanceof Admission.Refused(var problems) ? problems : List.of();
    }

    private static Admission admit(String spec) {
        return Admissions.admit(
                CanaryReader.read(Manifests.canary(spec.replace("], group", "]\ngroup")))
                        .resource(),
                OPEN);
    }
}
