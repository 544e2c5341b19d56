package dev.serinus.schemas.canary;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;

class HeaderOrCookieTest {

    private final List<String> problems = new ArrayList<>();

    private HeaderOrCookie of(String match) throws JsonProcessingException {
        List<JsonNode> entries = new YAMLMapper().readTree(match).valueStream().toList();
        return HeaderOrCookie.of(entries, (path, problem) -> problems.add(path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[{headers: {x-a: {exact: b}}}] ; x-a ; b ; ;",
                "[{headers: {x-a: {regex: b.*}}}] ; x-a ; ; b.* ;",
                "[{headers: {cookie: {exact: insider}}}] ; ; ; ; insider",
                "[{headers: {Cookie: {exact: insider}}}] ; ; ; ; insider",
                "[{headers: {cookie: {regex: 'a=b'}}}] ; cookie ; ; a=b ;",
                "[{headers: {x-a: {exact: b}}}, {headers: {cookie: {exact: c}}}] ; x-a ; b ; ; c",
                "[{headers: {x-a: {exact: b}}}, {headers: {X-A: {exact: b}}}] ; x-a ; b ; ;",
                "[{headers: {x-a: {exact: b.c}}}, {headers: {x-a: {exact: d}}}] ; x-a ; ;"
                        + " (?:^b\\.c$)|(?:^d$) ;",
                "[{headers: {x-a: {exact: 'b c/d:e~f_g'}}}] ; x-a ; b c/d:e~f_g ; ;",
                "[{headers: {x-a: {regex: '^[a-z]+(b|c)?[^0-9]{2}\\\\.d&e=f$'}}}] ; x-a ; ;"
                        + " ^[a-z]+(b|c)?[^0-9]{2}\\\\.d&e=f$ ;",
                "[{headers: {x-a: {exact: b}}}, {headers: {x-a: {regex: d.*}}}] ; x-a ; ;"
                        + " (?:^b$)|(?:d.*) ;"
            })
    void oneHeaderAndOneCookieCanBeTold(
            String match,
            @Nullable String header,
            @Nullable String value,
            @Nullable String pattern,
            @Nullable String cookie)
            throws JsonProcessingException {
        assertThat(of(match)).isEqualTo(new HeaderOrCookie(header, value, pattern, cookie));
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{headers: {x-a: {exact: b}, x-c: {exact: d}}}] | [0].headers",
                "[{headers: {x-a: {exact: b}, cookie: {exact: d}}}] | [0].headers",
                "[{headers: {x-a: {exact: b}}}, {headers: {x-c: {regex: d}}}] | [1].headers.x-c",
                "[{headers: {cookie: {exact: b}}}, {headers: {cookie: {exact: d}}}] |"
                        + " [1].headers.cookie",
                "[{headers: {x-a: {exact: ''}}}] | [0].headers.x-a",
                "[{headers: {x-a: {exact: me@example.com}}}] | [0].headers.x-a",
                "[{headers: {x-a: {exact: 'a=b'}}}] | [0].headers.x-a",
                "[{headers: {x-a: {exact: 'a,b'}}}] | [0].headers.x-a",
                "[{headers: {x-a: {exact: ü}}}] | [0].headers.x-a",
                "[{headers: {x!a: {exact: b}}}] | [0].headers.x!a",
                "[{headers: {x-a: {exact: b}}}, {headers: {x-a: {exact: c@d}}}] |"
                        + " [1].headers.x-a",
                "[{headers: {x-a: {exact: b}}}, {headers: {x-a: {exact: c d}}}] |"
                        + " [1].headers.x-a",
                "[{headers: {user-agent: {regex: '.*Chrome, like.*'}}}] | [0].headers.user-agent",
                "[{headers: {cookie: {regex: '^(.*?;)?(canary=always)(;.*)?$'}}}] |"
                        + " [0].headers.cookie",
                "[{headers: {cookie: {exact: 'a;b'}}}] | [0].headers.cookie"
            })
    void whatWouldWidenTheConditionsIsAProblemWithItsPath(String match, String path)
            throws JsonProcessingException {
        var _ = of(match);

        assertThat(problems).first().isEqualTo(path);
    }
}
