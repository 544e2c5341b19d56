package dev.serinus.schemas.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoneObjectsTest {

    private final GoneObjects<String> gone = new GoneObjects<>();

    @Test
    void whatCameAfterAllIsNotGone() {
        gone.add("a");
        gone.remove("a");
        assertThat(gone.has("a")).isFalse();
    }

    @Test
    void anObjectWithoutUidIsNeverGone() {
        gone.add("");
        assertThat(gone.has("")).isFalse();
    }

    @Test
    void whatItWasIsKnownUntilItIsThereAgain() {
        gone.add("a", "an object");
        assertThat(gone.last("a")).contains("an object");
        gone.remove("a");
        assertThat(gone.last("a")).isEmpty();
    }

    @Test
    void ofManyThatWentTheLastAreKept() {
        for (int number = 0; number < 501; number++) {
            gone.add("uid-" + number, "object " + number);
        }
        assertThat(gone.last("uid-0")).isEmpty();
        assertThat(gone.last("uid-1")).contains("object 1");
    }

    @Test
    void theOldestAreForgotten() {
        for (int number = 0; number < 2_001; number++) {
            gone.add("uid-" + number);
        }
        assertThat(gone.has("uid-0")).isFalse();
        assertThat(gone.has("uid-1")).isTrue();
        assertThat(gone.has("uid-2000")).isTrue();
    }
}
