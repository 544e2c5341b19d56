package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    queue=orders,app in (b,a) | app in (a,b),queue=orders
                    b, !a                     | !a,b
                    x notin ( one , two ),w   | w,x notin (one,two)
                    a==b,c!=d                 | a==b,c!=d
                    n>5,m<3                   | m<3,n>5
                    k8s.io/x=                 | k8s.io/x=
                    ``                        | ``
                    """)
    void isWrittenByKey(String written, String normal) {
        assertThat(LabelSelector.normal(written)).contains(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a=b,", "a in b", "=x", "a=b c=d", "a in (b", "a=(b)", "a in (b*)", "-"})
    void othersAreNone(String written) {
        assertThat(LabelSelector.normal(written)).isEmpty();
    }
}
