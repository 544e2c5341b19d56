package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.Severity;

import org.junit.jupiter.api.Test;

class GoogleChatTest extends WebNotifierContract {

    @Override
    protected WebNotifier notifier() {
        return new GoogleChat();
    }

    @Test
    void textsAreTextsAndNoHtml() {
        var card =
                new GoogleChat()
                        .payload(
                                message(Severity.ERROR, "97% < 99% & <b>bad</b>"),
                                new Destination("gchat", "", "", "", null, null));

        assertThat(card.at("/cards/0/sections/0/widgets/0/textParagraph/text").asText())
                .isEqualTo(
                        "<font color=#848484><strong>97% &lt; 99% &amp;"
                                + " &lt;b&gt;bad&lt;/b&gt;</strong></font>");
    }
}
