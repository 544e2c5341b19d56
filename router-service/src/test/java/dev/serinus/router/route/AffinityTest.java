package dev.serinus.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.router.route.Affinity.Observed;
import dev.serinus.router.route.Affinity.Sticky;

import org.junit.jupiter.api.Test;

import java.util.List;

/** A cookie is found by its name alone, whatever characters that has. */
class AffinityTest {

    private static Sticky sticky(int run, List<Observed> live) {
        var canary =
                Copies.canary(
                        "provider: istio",
                        "{port: 80}",
                        "stepWeight: 10, sessionAffinity: {cookieName: my.cookie+}");
        return (Sticky) Affinity.of(new Routing(canary, Split.of(30), run, "app"), live);
    }

    private static String value(Sticky sticky) {
        return sticky.canary().setCookie().replaceAll("my\\.cookie\\+=([A-Za-z]+);.*", "$1");
    }

    @Test
    void aNameMeansItsCharacters() {
        var sticky = sticky(1, List.of());

        String regex = sticky.canary().regex();
        assertThat("a=b; my.cookie+=" + value(sticky)).matches(regex);
        assertThat("a=b; myxcookiee=" + value(sticky)).doesNotMatch(regex);
    }

    @Test
    void aLiveValueStaysWhetherItsNameIsQuotedOrNot() {
        var first = sticky(1, List.of());

        assertThat(sticky(2, List.of(new Observed(first.canary().regex(), false))))
                .isEqualTo(first);
        assertThat(value(sticky(2, List.of(new Observed(".*my.cookie+.*abcdefghij.*", false)))))
                .as("as Flagger writes it")
                .isEqualTo("abcdefghij");
    }
}
