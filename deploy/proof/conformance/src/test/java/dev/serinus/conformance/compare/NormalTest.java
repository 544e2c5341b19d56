package dev.serinus.conformance.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.conformance.json.Json;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the tool that compared the first recordings, one case each. */
class NormalTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "what we add             | {'serinus.dev/step': '1', 'a': 1}          | {'a': 1}",
                "what differs each time  | {'uid': 'x', 'checksum': 'y', 'timestamp': '1',"
                        + " 'flagger.app/id': 'z', 'color': 'red', 'a': 1} | {'a': 1}",
                "empty and absent        | {'a': null, 'b': {}, 'c': [], 'd': '', 'e': 0, 'f':"
                        + " false} | {'d': '', 'e': 0, 'f': false}",
                "empty after cleaning    | {'a': {'b': {'uid': 'x'}}}                 | {}",
                "null in a list          | {'a': [null, {}]}                          | {'a':"
                        + " [null, {}]}",
                "order of ports          | {'ports': [{'n': 2}, {'n': 1}]}            | {'ports':"
                        + " [{'n': 1}, {'n': 2}]}",
                "order of a list of text | {'headers': ['b', 'a']}                    | {'headers':"
                        + " ['b', 'a']}",
                "order of other lists    | {'http': [{'n': 2}, {'n': 1}]}             | {'http':"
                        + " [{'n': 2}, {'n': 1}]}",
                "address of the sink     | {'url': 'http://127.0.0.1:59080/x/feed'}   | {'url':"
                        + " 'http://SINK/x/feed'}",
                "UUID                    | {'a': 'id 8fa727fc-0da9-4437-ab93-8aea6e11dd9e.'} |"
                        + " {'a': 'id <uuid>.'}",
                "seconds, milliseconds   | {'a': 'start=1795320112&end=1795320112090'} | {'a':"
                        + " 'start=<time>&end=<time>'}",
                "other long numbers      | {'a': '17953201120 1595320112'}            | {'a':"
                        + " '17953201120 1595320112'}",
                "a date                  | {'a': 'from 2026-11-22T01:02:03Z on'}      | {'a': 'from"
                        + " <time> on'}",
                "a date with a zone      | {'a': '2026-11-22T01:02:03+01:00'}         | {'a':"
                        + " '<time>'}",
                "signature of AWS        | {'a': '20261121T152739Z', 'b':"
                    + " 'Credential=AKIALAB/20261121/eu,"
                    + " Signature=8f933f70313e1897c33b43eda6deee96615cb77b2d49dd6bd41f04047a9c65fd'}"
                    + " | {'a': '<time>', 'b': 'Credential=AKIALAB/<time>/eu,"
                    + " Signature=<signature>'}",
                "hash of a revision      | {'flagger-id': '6867868d58', 'b': '6867868d58'} |"
                        + " {'flagger-id': '<hash>', 'b': '6867868d58'}",
                "cookie                  | {'a': 'flagger-cookie=AbcdefGhij; Max-Age=1'} | {'a':"
                        + " 'flagger-cookie=<cookie>; Max-Age=1'}",
                "cookie in a pattern     | {'a': '.*flagger-cookie.*AbcdefGhij.*'}    | {'a':"
                        + " '.*flagger-cookie.*<cookie>.*'}",
                "no cookie               | {'a': '=AbcdefGhi;'}                       | {'a':"
                        + " '=AbcdefGhi;'}",
                "address in a Secret     | {'address': 'aHR0cDovLzEyNy4wLjAuMTo4MDgwL3gvc2xhY2s='}"
                        + " | {'address': 'http://SINK/x/slack'}",
            })
    void noise(String what, String tree, String normal) {
        assertThat(Json.text(Normal.of(Json.read(tree.replace('\'', '"')))))
                .as(what)
                .isEqualTo(Json.text(Json.read(normal.replace('\'', '"'))));
    }
}
