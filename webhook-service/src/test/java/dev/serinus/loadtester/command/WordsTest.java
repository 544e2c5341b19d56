package dev.serinus.loadtester.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class WordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '#',
            textBlock =
                    """
                    test podinfo  -n test ! test|podinfo|-n|test
                    run --overrides='{"a": "b c"}' ! run|--overrides={"a": "b c"}
                    --set "a b"c 'q' ! --set|a bc|q
                    a\\ b "c\\"d" "e\\n" 'f\\' ! a b|c"d|e\\n|f\\
                    get -o jsonpath={.labels.kubernetes\\.io/hostname} ! get|-o|jsonpath={.labels.kubernetes\\.io/hostname}
                    --set list=a\\,b --set k=a\\\\b \\' ! --set|list=a\\,b|--set|k=a\\b|'
                    get "" '' x ! get|||x
                    $HOME `ls` * ! $HOME|`ls`|*
                    """)
    void areReadAsAShellWouldWithoutExpandingAnything(String line, String words) {
        assertThat(Words.of(line)).isEqualTo(List.of(words.split("\\|", -1)));
    }

    @Test
    void aQuoteThatIsNotClosedIsRefused() {
        assertThatThrownBy(() -> Words.of("a 'b")).hasMessage("a quote in cmd is not closed: '");
    }
}
