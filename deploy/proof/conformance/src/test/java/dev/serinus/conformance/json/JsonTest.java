package dev.serinus.conformance.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void oneWayToWriteIt() {
        var tree = Json.read("{\"b\":[1,2.5,true,null],\"a\":\"\\\"ü\\n\\u0001\"}");

        assertThat(Json.text(tree))
                .isEqualTo("{\"b\": [1, 2.5, true, null], \"a\": \"\\\"\\u00fc\\n\\u0001\"}");
        assertThat(Json.sorted(tree)).startsWith("{\"a\": ").endsWith("null]}");
    }

    @Test
    void largeNumbersStayReadable() {
        assertThat(Json.text(Json.read("[1700000000.5, 1.7e12, 12345678901234, 0.5, 100.0]")))
                .isEqualTo("[1700000000.5, 1700000000000.0, 12345678901234, 0.5, 100.0]");
    }

    @Test
    void severalDocumentsAndEmptyOnes() {
        assertThat(Json.yaml("---\na: 1\n---\n---\nb: [x]\n"))
                .extracting(Json::text)
                .containsExactly("{\"a\": 1}", "{\"b\": [\"x\"]}");
        assertThat(Json.yaml("")).isEmpty();
    }
}
