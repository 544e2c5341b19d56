package dev.serinus.schemas.canary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** What an annotation says that is to let a run pass freezes. */
class PassFreezeTest {

    @Test
    void namesStandBeforeTheFirstColonAndTheReasonBehindIt() {
        assertThat(PassFreeze.read(" weekend , night,weekend: the till: down "))
                .hasValue(new PassFreeze(List.of("weekend", "night"), "the till: down"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "weekend",
                "weekend:",
                "weekend: ",
                ": why",
                "*: why",
                "week*: why",
                "weekend,: why",
                "Weekend: why",
                "weekend: two\nlines",
                "a,b,c,d,e,f,g,h,i,j,k: why"
            })
    void anythingElseLetsNothingPass(String written) {
        assertThat(PassFreeze.read(written)).isEmpty();
    }

    @Test
    void aReasonIsShort() {
        assertThat(PassFreeze.read("weekend: " + "x".repeat(200))).isPresent();
        assertThat(PassFreeze.read("weekend: " + "x".repeat(201))).isEmpty();
    }
}
