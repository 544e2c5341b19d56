package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

class RedactionTest {

    private static final URI ADDRESS =
            URI.create("https://bot:hunter22@hooks.example/T0/s3cr3t?key=a1b2c3d4&x=1");

    @Test
    void takesTheAddressAndItsPartsOutOfATextButLeavesItsHost() {
        String echoed =
                "no "
                        + ADDRESS
                        + " at hooks.example: /T0/s3cr3t key a1b2c3d4 user bot:hunter22 or"
                        + " hunter22";

        assertThat(Redaction.of(ADDRESS, List.of()).of(echoed, 4096))
                .doesNotContain("s3cr3t", "a1b2c3d4", "hunter22")
                .contains("at hooks.example:");
    }

    @Test
    void takesParametersOutAlsoAsAServerReadsThem() {
        var redaction =
                Redaction.of(URI.create("http://p?key=a%2Bb%2Fc%3D&word=s3+cr3t"), List.of());

        assertThat(redaction.of("no key a+b/c= for s3 cr3t or s3+cr3t", 4096))
                .isEqualTo("no key [hidden] for [hidden] or [hidden]");
    }

    @Test
    void takesValuesOutAlsoWhereTheyAreEscaped() {
        var redaction = Redaction.of(ADDRESS, List.of("pass \"word\"", "cmd"));

        assertThat(redaction.of("{\"echo\":\"pass \\\"word\\\"\"} pass+%22word%22 cmd", 4096))
                .isEqualTo("{\"echo\":\"[hidden]\"} [hidden] cmd");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ab\\/cd\\/efgh<x&y+z=",
                "ab/cd/efgh\\u003cx\\u0026y+z=",
                "ab/cd/efgh\\u003Cx\\u0026y\\u002Bz=",
                "ab/cd/efgh&lt;x&amp;y+z=",
                "ab&#47;cd&#x2F;efgh&#60;x&#38;y&#43;z&#61;",
                "ab%2fcd%2fefgh%3cx%26y%2bz%3d",
                "ab/cd/efgh%3Cx&y+z=",
                "61622f63642f656667683c7826792b7a3d",
                "61622F63642F656667683C7826792B7A3D"
            })
    void takesASecretOutHoweverAServerEscapesIt(String echoed) {
        var redaction = Redaction.of(URI.create("http://p"), List.of("ab/cd/efgh<x&y+z="));

        assertThat(redaction.of("no <" + echoed + "> here", 4096)).isEqualTo("no <[hidden]> here");
    }

    @Test
    void takesASecretOutOfWhateverIsInBase64() {
        var redaction = Redaction.of(URI.create("http://p"), List.of("s3cr3t-t0k3n?>"));
        for (String before : List.of("", "a", "ab", "abc", "user:")) {
            for (String after : List.of("", "x", "xy", "xyz")) {
                byte[] sent = (before + "s3cr3t-t0k3n?>" + after).getBytes(UTF_8);
                for (var encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                    // All but the digits that say something of the neighbours too.
                    assertThat(redaction.of("<" + encoder.encodeToString(sent) + ">", 4096))
                            .contains("[hidden]")
                            .hasSizeLessThan(
                                    "<[hidden]>".length()
                                            + (before.length() + after.length() + 2) * 4 / 3
                                            + 4);
                }
            }
        }
    }

    @Test
    void whatIsNoEscapeStaysAsItIs() {
        String text = "50% of &nobody; \\x \\u00zz %zz &#xq; &#99999999; %c3 & \\";

        assertThat(Redaction.of(ADDRESS, List.of("secret")).of(text, 4096)).isEqualTo(text);
    }

    @Test
    void cutsLongTexts() {
        assertThat(Redaction.of(ADDRESS, List.of()).of("ab".repeat(10), 5)).isEqualTo("ababa…");
    }

    @Test
    void takesOutBasicAuthenticationThatIsEchoed() {
        var fromAddress = Redaction.of(ADDRESS, List.of());
        var fromHeader =
                Redaction.of(URI.create("http://p"), List.of("Basic dTpwYXNz", "Bearer t0k3n"));

        assertThat(fromAddress.of("you sent Authorization: Basic Ym90Omh1bnRlcjIy", 4096))
                .isEqualTo("you sent Authorization: Basic [hidden]");
        assertThat(fromHeader.of("401 for Basic dTpwYXNz (u:pass, pass), dTpwYXNz or t0k3n", 4096))
                .isEqualTo("401 for [hidden] ([hidden], [hidden]), [hidden] or [hidden]");
    }

    @Test
    void noSecretIsToldInPartWhereALongTextIsCut() {
        var redaction =
                Redaction.of(URI.create("http://p"), List.of("s3cr3t-t0k3n", "l0ng".repeat(50)));

        for (int before = 0; before < 60; before++) {
            for (String secret : List.of("s3cr3t-t0k3n", "l0ng".repeat(50))) {
                String clean =
                        redaction.of("-".repeat(before) + secret.repeat(3) + "-".repeat(100), 20);
                assertThat(clean)
                        .hasSizeLessThanOrEqualTo(21)
                        .doesNotContain("s3c", "t0k", "3n", "l0", "ng");
            }
        }
    }

    @Test
    void secretsThatOverlapAreBothTakenOut() {
        assertThat(
                        Redaction.of(URI.create("http://p"), List.of("abcdef", "defghi"))
                                .of("<abcdefghi>", 100))
                .isEqualTo("<[hidden]>");
    }

    @Test
    void theLongestOfThoseThatBeginAlikeIsTakenOut() {
        var redaction = Redaction.of(URI.create("http://p"), List.of("abcd", "abcdef", "abcdzz"));

        assertThat(redaction.of("abcdefg abcdzy abc abcdzz", 100))
                .isEqualTo("[hidden]g [hidden]zy abc [hidden]");
    }

    /** A server may cut what it echoes. */
    @Test
    void theBeginningOfALongSecretIsTakenForIt() {
        var secret = new StringBuilder();
        for (int i = 1000; i < 2000; i++) {
            secret.append(i);
        }
        var redaction = Redaction.of(URI.create("http://p"), List.of(secret.toString()));

        assertThat(redaction.of("<" + secret.substring(0, 400) + ">", 9000))
                .isEqualTo("<[hidden]>");
        assertThat(redaction.of("<" + secret + "999>", 9000)).isEqualTo("<[hidden]999>");
        assertThat(redaction.of("<" + secret.substring(0, 200) + ">", 9000)).contains("1000");
    }

    /** Whoever writes a Secret writes what is echoed: this took days. */
    @Test
    void aLongSecretThatIsFoundEverywhereTakesNoLongerThanAShortOne() {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            values.add("a".repeat((1 << 20) - 50_000 * i - 1));
        }
        var redaction = Redaction.of(ADDRESS, values);

        assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () ->
                        assertThat(redaction.of("<" + "a".repeat(4 << 20), 2000))
                                .isEqualTo("<[hidden]…"));
    }

    @Test
    void aSecretOfManyShortValuesIsSearchedForOnce() {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            values.add("aaaa" + i);
        }
        var redaction = Redaction.of(ADDRESS, values);

        assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> {
                    for (int i = 0; i < 50; i++) {
                        assertThat(redaction.of("a".repeat(10_000) + "aaaa59999", 20_000))
                                .endsWith("a[hidden]");
                    }
                });
    }

    /** Four megabytes were searched in whole, for 13 s, of which 400 characters were told. */
    @Test
    void onlyTheBeginningOfALongTextIsSearched() {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            values.add("value-" + i);
        }
        var redaction = Redaction.of(ADDRESS, values);
        String text = "x".repeat(4 << 20);

        assertTimeout(Duration.ofSeconds(10), () -> redaction.of(text, 400));
    }
}
