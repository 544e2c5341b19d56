package dev.serinus.router.objects;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkTest {

    private static final String UID = "9e4c0b6e-8c8f-4a36-9a53-3f8f1d3f7b11";
    private static final String OTHER = "4f1c9d1e-0000-4000-8000-000000000000";

    @Test
    void itIsReadAsItWasWritten() {
        var mark = new Mark(UID, 3, 17);
        assertThat(mark).hasToString("3.17 " + UID);
        assertThat(Mark.parse(mark.toString())).contains(mark);
    }

    @Test
    void thatOfAnEarlierReleaseDoesNotSayWhoseItIs() {
        assertThat(Mark.parse("3.17")).contains(new Mark("", 3, 17));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "3",
                "3.x",
                "-1.2",
                "3.17 ",
                "3.17  x",
                "3.17 x y",
                "1234567890123456789.1"
            })
    void whatSomebodyElseWroteIsNoMark(String text) {
        assertThat(Mark.parse(text)).isEmpty();
    }

    @Test
    void stepsAreComparedWithinOneCanary() {
        assertThat(new Mark(UID, 2, 1).isAfter(new Mark(UID, 1, 9))).isTrue();
        assertThat(new Mark(UID, 1, 9).isAfter(new Mark(UID, 1, 9))).isFalse();
        assertThat(new Mark(OTHER, 9, 9).isAfter(new Mark(UID, 1, 1))).isFalse();
        assertThat(new Mark("", 9, 9).isAfter(new Mark(UID, 1, 1))).isTrue();
        assertThat(new Mark("", 1, 4).isSameAs(new Mark(UID, 1, 4))).isTrue();
    }
}
