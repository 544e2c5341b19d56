package dev.serinus.analysis.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

class RulesTest {

    private static final String WRITTEN =
            """
            rules:
            - users: ["*"]
              namespaces: [public]
            - users: [ada, "ci-*"]
              groups: [sre]
              verbs: [pause, resume]
              clusters: [west]
              namespaces: ["shop-*"]
            - groups: [owners]
              verbs: ["*"]
              canaries: [cart]
            """;

    @TempDir Path files;

    @ParameterizedTest(name = "{0} of {1}: {2} {3} is {4}")
    @CsvSource({
        "bob,   ,       read,    west/public/any,   true",
        "bob,   ,       pause,   west/public/any,   false",
        "bob,   ,       read,    west/shop-a/cart,  false",
        "ada,   ,       pause,   west/shop-a/till,  true",
        "ada,   ,       read,    west/shop-a/till,  true",
        "ada,   ,       abort,   west/shop-a/till,  false",
        "ada,   ,       pause,   east/shop-a/till,  false",
        "ada,   ,       pause,   west/shop/till,    false",
        "ci-7,  ,       resume,  west/shop-b/x,     true",
        "ci,    ,       resume,  west/shop-b/x,     false",
        "bob,   sre,    pause,   west/shop-a/till,  true",
        "bob,   sre2,   pause,   west/shop-a/till,  false",
        "bob,   owners, promote, east/other/cart,   true",
        "bob,   owners, promote, east/other/carts,  false",
        "bob,   owners, read,    east/other/cart,   true"
    })
    void whatARuleSaysIsAllowed(
            String user, String group, String verb, String canary, boolean allowed)
            throws Exception {
        var rules = read(WRITTEN);
        var caller = new Caller(user, group == null ? Set.of() : Set.of(group));

        assertThat(rules.allow(caller, verb, CanaryKey.parse(canary))).isEqualTo(allowed);
    }

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({
        "*,      x,        true",
        "a*,     a,        true",
        "a*,     ba,       false",
        "*b,     ab,       true",
        "a*a,    a,        false",
        "a*a,    aa,       true",
        "a*b*c,  a-b-c,    true",
        "a*b*c,  a-c,      false",
        "a*bc*c, abc,      false",
        "a.c,    abc,      false",
        "abc,    abcd,     false"
    })
    void aStarStandsForAnyCharacters(String pattern, String text, boolean matches) {
        assertThat(Patterns.matches(pattern, text)).isEqualTo(matches);
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceByItsPath() {
        assertThatThrownBy(
                        () ->
                                read(
                                        """
                                        rules:
                                        - verbs: [explode]
                                        - users: ada
                                        - users: [ada]
                                          namespace: [shop]
                                        """))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rules[0] must name users or groups")
                .hasMessageContaining("rules[0].verbs: 'explode' is no verb")
                .hasMessageContaining("rules[1].users must be a list of texts")
                .hasMessageContaining("rules[2].namespace is no field of a rule");
    }

    @ParameterizedTest
    @CsvSource({"'rules: ['", "'[]'", "'rules: {}'", "'other: []'", "''"})
    void whatIsNoListOfRulesIsRefused(String written) {
        assertThatThrownBy(() -> read(written)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noRuleAllowsNothing() throws Exception {
        var rules = read("rules: []");

        assertThat(rules.allow(new Caller("ada", Set.of()), Rules.READ, CanaryKey.parse("a/b/c")))
                .isFalse();
    }

    @Test
    void everyWrongLineOfTokensIsNamedAndNoHashIsTold() throws Exception {
        String hash = "0123456789abcdef".repeat(4);
        Path file =
                Files.writeString(
                        files.resolve("tokens"),
                        "ada sha256:%s%nbob %s%n%neve sha256:%s x y%nada sha256:%s%noidc:ada sha256:%s%nbob sha256:%s oidc:x%n"
                                .formatted(hash, hash, hash, hash, hash, hash));

        assertThatThrownBy(() -> Tokens.read(file))
                .hasMessageContaining("line 2")
                .hasMessageContaining("line 4")
                .hasMessageContaining("line 5 has the token of another line")
                .hasMessageContaining("line 6 has a name of the OIDC provider's")
                .hasMessageContaining("line 7 has a group of the OIDC provider's")
                .hasMessageNotContaining(hash);
    }

    @Test
    void aGroupThatIsThereTwiceCountsOnceAndAnEmptyOneNotAtAll() throws Exception {
        Path file =
                Files.writeString(
                        files.resolve("tokens"),
                        "ada sha256:%s ops,,ops,%n".formatted(Tokens.hash("secret")));

        assertThat(Tokens.read(file).caller("secret")).contains(new Caller("ada", Set.of("ops")));
    }

    @Test
    void allIsReadOnlyWhereNothingElseWasWritten() {
        var canary = CanaryKey.parse("a/b/c");
        var allowed = new TreeSet<String>();
        Stream.of("read", "pause", "promote")
                .filter(verb -> Rules.READ_ONLY.allow(new Caller("x", Set.of()), verb, canary))
                .forEach(allowed::add);

        assertThat(allowed).containsExactly("read");
    }

    private Rules read(String text) throws Exception {
        return RulesFile.read(Files.writeString(files.resolve("rules.yaml"), text));
    }
}
