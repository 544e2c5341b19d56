package dev.serinus.analysis.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

class LabelSelectorTest {

    private static final Map<String, String> SHOP =
            Map.of("app", "shop", "tier", "web", "example.com/team", "red", "empty", "");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    app=shop                  | true
                    app==shop                 | true
                    app = shop                | true
                    app=cart                  | false
                    app!=cart                 | true
                    app!=shop                 | false
                    zone!=a                   | true
                    app=shop,tier=web         | true
                    app=shop,tier=db          | false
                    app in (cart, shop)       | true
                    app in (cart)             | false
                    app notin (cart,pay)      | true
                    zone notin (a)            | true
                    tier                      | true
                    !tier                     | false
                    !zone,example.com/team    | true
                    empty=                    | true
                    app in (shop),tier in (a,web) | true
                    """)
    void itChoosesAsKubectlDoes(String text, boolean chosen) {
        assertThat(LabelSelector.parse(text))
                .hasValueSatisfying(
                        selector ->
                                assertThat(selector.choice(SHOP))
                                        .isEqualTo(
                                                chosen
                                                        ? LabelSelector.Choice.YES
                                                        : LabelSelector.Choice.NO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tier!=db", "!old", "tier notin (db)", "app=shop", "app"})
    void nobodyIsChosenByLabelsThatAreNotKnown(String text) {
        assertThat(LabelSelector.parse(text))
                .hasValueSatisfying(
                        selector ->
                                assertThat(selector.choice(null))
                                        .isEqualTo(LabelSelector.Choice.UNKNOWN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",",
                "app=shop,",
                "app=shop tier=web",
                "=shop",
                "app in ()x",
                "app in (shop",
                "app~shop",
                "app=-",
                "app in cart"
            })
    void whatIsNoneIsRefused(String text) {
        assertThat(LabelSelector.parse(text)).isEmpty();
    }
}
