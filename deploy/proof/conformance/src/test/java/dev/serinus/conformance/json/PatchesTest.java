package dev.serinus.conformance.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchesTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "adds        | {'a': 1}        | {'b': 2}              | {'a': 1, 'b': 2}",
                "takes away  | {'a': 1, 'b': 2} | {'a': null}          | {'b': 2}",
                "goes deeper | {'a': {'b': 1}} | {'a': {'c': 2}}       | {'a': {'b': 1, 'c': 2}}",
                "nulls alone | {}              | {'a': {'b': null}}    | {'a': {}}",
                "whole lists | {'a': [1, 2]}   | {'a': [3]}            | {'a': [3]}",
            })
    void merge(String what, String before, String patch, String after) {
        assertThat(Json.text(Patches.merge(read(before), read(patch))))
                .as(what)
                .isEqualTo(Json.text(read(after)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "replaces     | {'a': {'b': 1}} | [{'op': 'replace', 'path': '/a/b', 'value': 2}] "
                        + " | {'a': {'b': 2}}",
                "adds         | {'a': {}}       | [{'op': 'add', 'path': '/a/x~1y', 'value': 2}]  "
                        + " | {'a': {'x/y': 2}}",
                "takes away   | {'a': [1, 2]}   | [{'op': 'remove', 'path': '/a/0'}]              "
                        + " | {'a': [2]}",
                "at the end   | {'a': [1]}      | [{'op': 'add', 'path': '/a/-', 'value': 2}]     "
                        + " | {'a': [1, 2]}",
                "in between   | {'a': [1, 3]}   | [{'op': 'add', 'path': '/a/1', 'value': 2}]     "
                        + " | {'a': [1, 2, 3]}",
            })
    void json(String what, String before, String patch, String after) {
        assertThat(Json.text(Patches.json((ObjectNode) read(before), read(patch))))
                .as(what)
                .isEqualTo(Json.text(read(after)));
    }

    private static JsonNode read(String text) {
        return Json.read(text.replace('\'', '"'));
    }
}
