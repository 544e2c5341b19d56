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
        gone.add("a", "an object", 10);
        assertThat(gone.last("a")).contains("an object");
        gone.remove("a");
        assertThat(gone.last("a")).isEmpty();
    }

    @Test
    void ofManyThatWentTheLastAreKept() {
        for (int number = 0; number < 501; number++) {
            gone.add("uid-" + number, "object " + number, 10);
        }
        assertThat(gone.last("uid-0")).isEmpty();
        assertThat(gone.last("uid-1")).contains("object 1");
    }

    @Test
    void ofLargeOnesFewerAreKept() {
        long half = GoneObjects.MOST_BYTES / 2;
        gone.add("a", "half", half);
        gone.add("b", "another half", half);
        gone.add("c", "too large", 2 * half + 1);
        assertThat(gone.last("a")).isPresent();
        assertThat(gone.last("c")).isEmpty();

        gone.remove("b");
        gone.add("d", "half", half);
        assertThat(gone.last("a")).isPresent();

        gone.add("e", "half", half);
        assertThat(gone.last("a")).isEmpty();
        assertThat(gone.last("d")).isPresent();
        assertThat(gone.has("a")).isTrue();
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
