package dev.serinus.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.mesh.Istio;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/** What is ours of a route goes, and what its user has changed stays. */
class GivenBackTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    static Stream<Arguments> routes() {
        return Stream.of(
                Arguments.of(
                        "nothing was changed",
                        "{hosts: [a], http: [{to: shop}]}",
                        "{hosts: [b, a], http: [{to: [shop-primary, shop-canary]}]}",
                        "{hosts: [b, a], http: [{to: [shop-primary, shop-canary]}]}",
                        "{hosts: [a], http: [{to: shop}]}"),
                Arguments.of(
                        "a host was added and one was taken away",
                        "{hosts: [a, c]}",
                        "{hosts: [b, a, c]}",
                        "{hosts: [b, a, d]}",
                        "{hosts: [a, d]}"),
                Arguments.of(
                        "we had taken hosts away",
                        "{hosts: [a, c]}",
                        "{hosts: []}",
                        "{hosts: [d]}",
                        "{hosts: [a, c, d]}"),
                Arguments.of(
                        "hosts that are ours alone", "{}", "{hosts: [b]}", "{hosts: [b]}", "{}"),
                Arguments.of(
                        "its user has taken away the only one: none would mean all",
                        "{hosts: [a], parents: [{name: old}]}",
                        "{hosts: [b, a], parents: [{name: new}, {name: old}]}",
                        "{hosts: [b], parents: [{name: new}]}",
                        "{hosts: [b], parents: [{name: new}]}"),
                Arguments.of(
                        "its user has taken away all of them",
                        "{hosts: [a]}",
                        "{hosts: [b, a]}",
                        "{hosts: []}",
                        "{hosts: []}"),
                Arguments.of(
                        "a rule before ours, at other weights",
                        "{http: [{to: admin}, {to: shop}]}",
                        "{http: [{to: admin}, {to: shop-primary}, {to: shop-canary}]}",
                        "{http: [{to: admin}, {to: new}, {to: shop-primary.test.svc}, {to:"
                                + " 'shop-canary_test_80', at: 9}]}",
                        "{http: [{to: admin}, {to: new}, {to: shop}]}"),
                Arguments.of(
                        "a rule between ours: the last one catches all",
                        "{http: [{to: shop}]}",
                        "{http: [{cookie: a, to: shop-canary}, {to: shop-primary}]}",
                        "{http: [{cookie: a, to: shop-canary}, {to: new}, {to: shop-primary}]}",
                        "{http: [{to: new}, {to: shop}]}"),
                Arguments.of(
                        "rules in several places that ours stand for in one",
                        "{http: [{a: 1, to: shop}, {to: admin}, {to: shop}]}",
                        "{http: [{to: admin}, {to: shop-primary}]}",
                        "{http: [{to: admin}, {to: new}, {to: shop-primary}]}",
                        "{http: [{a: 1, to: shop}, {to: admin}, {to: new}, {to: shop}]}"),
                Arguments.of(
                        "a rule of the user's was changed, another taken away",
                        "{http: [{to: admin}, {to: old}, {to: shop}]}",
                        "{http: [{to: admin}, {to: old}, {to: shop-primary}]}",
                        "{http: [{to: admin, timeout: 1s}, {to: shop-primary}]}",
                        "{http: [{to: admin, timeout: 1s}, {to: shop}]}"),
                Arguments.of(
                        "a field was put into our rule",
                        "{http: [{to: shop}]}",
                        "{http: [{to: shop-primary}]}",
                        "{http: [{to: shop-primary, fault: x}]}",
                        "{http: [{to: shop, fault: x}]}"),
                Arguments.of(
                        "the rules were written anew",
                        "{http: [{to: shop}]}",
                        "{http: [{to: shop-primary}]}",
                        "{http: [{to: shop, timeout: 1s}, {to: new}]}",
                        "{http: [{to: shop, timeout: 1s}, {to: new}]}"),
                Arguments.of(
                        "a rule that names a side, as it was found",
                        "{http: [{preview: 1, to: shop-canary}, {to: shop}]}",
                        "{http: [{preview: 1, to: shop-canary}, {to: shop-primary}]}",
                        "{http: [{preview: 1, to: shop-canary}, {to: new}, {to: shop-primary, at:"
                                + " 3}]}",
                        "{http: [{preview: 1, to: shop-canary}, {to: new}, {to: shop, at: 3}]}"),
                Arguments.of(
                        "a rule that names a side, and was changed since",
                        "{http: [{match: 1, to: shop-canary}, {to: shop}]}",
                        "{http: [{match: 1, to: shop-canary}, {to: shop-primary}]}",
                        "{http: [{match: 1, to: shop-canary, timeout: 1s}, {to: shop-primary}]}",
                        "{http: [{match: 1, to: shop-canary, timeout: 1s}, {to: shop}]}"),
                Arguments.of(
                        "a host that is called as a side is, and was changed since",
                        "{http: [{match: shop-canary, name: shop-canary, to: admin}, {to: shop}]}",
                        "{http: [{match: shop-canary, name: shop-canary, to: admin}, {to:"
                                + " shop-primary}]}",
                        "{http: [{match: shop-canary, name: shop-canary, to: admin, timeout: 1s},"
                                + " {to: shop-primary}]}",
                        "{http: [{match: shop-canary, name: shop-canary, to: admin, timeout: 1s},"
                                + " {to: shop}]}"),
                Arguments.of(
                        "of two hosts one that is called as a side is was taken away",
                        "{hosts: [a, shop-canary]}",
                        "{hosts: [b, a, shop-canary]}",
                        "{hosts: [b, a]}",
                        "{hosts: [a]}"),
                Arguments.of(
                        "shares beside others that are as they were",
                        "{to: [{name: shop, weight: 1}, {name: old, weight: 1}]}",
                        "{to: [{name: shop-primary, weight: 70}, {name: shop-canary, weight: 30},"
                                + " {name: old, weight: 100}]}",
                        "{to: [{name: shop-primary, weight: 40}, {name: shop-canary, weight: 60},"
                                + " {name: old, weight: 100}]}",
                        "{to: [{name: shop, weight: 1}, {name: old, weight: 1}]}"),
                Arguments.of(
                        "shares beside others, of which one was added and one turned off",
                        "{to: [{name: shop, weight: 1}, {name: old, weight: 1}]}",
                        "{to: [{name: shop-primary, weight: 70}, {name: shop-canary, weight: 30},"
                                + " {name: old, weight: 100}]}",
                        "{to: [{name: shop-primary, weight: 40}, {name: shop-canary, weight: 60},"
                                + " {name: old, weight: 0}, {name: new, weight: 50}]}",
                        "{to: [{name: shop, weight: 100}, {name: old, weight: 0}, {name: new,"
                                + " weight: 50}]}"),
                Arguments.of(
                        "a data plane was told of the apex already",
                        "{http: [{to: [{name: shop, weight: 1}]}]}",
                        "{http: [{to: [{name: shop-primary, weight: 100}]}]}",
                        "{http: [{to: [{name: shop-primary, weight: 100}, {name: shop, weight:"
                                + " 0}]}]}",
                        "{http: [{to: [{name: shop, weight: 1}]}]}"),
                Arguments.of(
                        "nothing of ours is left but a weight",
                        "{http: [{to: [{name: shop}]}]}",
                        "{http: [{to: [{name: shop-primary, weight: 100}]}]}",
                        "{http: [{to: [{name: shop, weight: 1}]}]}",
                        "{http: [{to: [{name: shop}]}]}"),
                Arguments.of(
                        "fields that are nobody's of ours",
                        "{a: {b: 1}, to: shop}",
                        "{a: {b: 1, c: 2}, to: shop-primary}",
                        "{a: {b: 3, c: 2}, to: shop-primary, d: new}",
                        "{a: {b: 3}, to: shop, d: new}"),
                Arguments.of(
                        "what somebody changed where we had as well",
                        "{to: shop}",
                        "{to: shop-primary}",
                        "{to: shop-elsewhere}",
                        "{to: shop}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("routes")
    void whatIsOursGoesAndWhatItsUserChangedStays(
            String what, String found, String made, String live, String expected) {
        var givenBack =
                new GivenBack(it -> it.matches("shop-(primary|canary)([._].*)?"), List.of());

        assertThat(givenBack.of(route(live), route(found), route(made)).at("/spec"))
                .isEqualTo(read(expected));
    }

    private static ClusterObject route(String spec) {
        return ClusterObject.blank(Istio.VIRTUAL_SERVICE.named("test", "shop"))
                .edited(edit -> edit.put("spec", read(spec)));
    }

    private static JsonNode read(String yaml) {
        try {
            return YAML.readValue(yaml, ObjectNode.class);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
