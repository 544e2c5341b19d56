package dev.serinus.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The first rule that fits counts, on most meshes. */
class AdoptedRulesTest {

    /** Ours are {@code o…}, others {@code f…}, and what ends with {@code *} catches all. */
    @ParameterizedTest
    @CsvSource({
        "'f1 o1',          'f1 new1 new2'",
        "'o1 f1',          'new1 new2 f1'",
        "'o1 f1 o2*',      'f1 new1 new2'",
        "'o1 f1* o2',      'new1 new2 f1*'",
        "'o1* f1 o2',      'new1 new2 f1'",
        "'f1* o1',         'f1* new1 new2'",
        "'f1 o1 f2 o2 f3', 'f1 f2 new1 new2 f3'",
        "'f1 f2*',         'f1 new1 new2 f2*'",
        "'f1',             'f1 new1 new2'",
        "'',               'new1 new2'"
    })
    void oursAreWhereTheLastOfOursWasThatIsAsked(String live, String merged) {
        var rules = JsonNodeFactory.instance.arrayNode();
        Stream.of(live.split(" ")).filter(it -> !it.isEmpty()).forEach(it -> rules.add(rule(it)));

        var all =
                AdoptedRules.merged(
                        rules,
                        List.of(rule("new1"), rule("new2")),
                        it -> name(it).startsWith("o"),
                        it -> name(it).endsWith("*"));

        assertThat(all.valueStream().map(AdoptedRulesTest::name).collect(Collectors.joining(" ")))
                .isEqualTo(merged);
    }

    private static ObjectNode rule(String name) {
        return JsonNodeFactory.instance.objectNode().put("name", name);
    }

    private static String name(JsonNode rule) {
        return rule.path("name").asText();
    }
}
