package dev.serinus.schemas.canary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectNamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "web-token", "kube-root-ca.crt", "0", "a.b-c.d9"})
    void takesWhatAnObjectMayBeCalled(String name) {
        assertThat(ObjectNames.isName(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "../../kube-system/secrets/x",
                "a/b",
                "a%2Fb",
                "a?watch=true",
                "a#b",
                "..",
                ".a",
                "a-",
                "A",
                "a b",
                "a\n"
            })
    void refusesWhatWouldBeAnotherPath(String name) {
        assertThat(ObjectNames.isName(name)).isFalse();
        assertThat(ObjectNames.isNamespace(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {254, 100_000})
    void refusesWhatIsTooLongAndQuotesItsBeginning(int length) {
        String name = "a".repeat(length);

        assertThat(ObjectNames.isName(name)).isFalse();
        assertThat(ObjectNames.because(name)).hasSizeLessThan(200);
    }
}
