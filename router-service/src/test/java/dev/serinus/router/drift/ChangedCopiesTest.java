package dev.serinus.router.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.router.objects.Mark;
import dev.serinus.router.workload.CopyNote;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.Test;

class ChangedCopiesTest {

    private static final CanaryKey CANARY = new CanaryKey("lab", "test", "podinfo");
    private static final CopyNote NONE = new CopyNote("podinfo", "app", "", null);

    private final ChangedCopies copies = new ChangedCopies();

    private static ChangedCopies.Copy copy(String name) {
        return new ChangedCopies.Copy(CANARY, Kind.CONFIG_MAP.named("test", name));
    }

    private static CopyNote note(String content, long step) {
        return new CopyNote("podinfo", "app", content, new Mark("uid", 1, step));
    }

    private static ChangedCopies.Seen seen(CopyNote before, String version) {
        return new ChangedCopies.Seen(before, version);
    }

    @Test
    void aCopyThatChangesAgainIsLookedIntoOnce() {
        copies.add(copy("app"), seen(note("blue", 1), "5"));
        assertThat(copies.isToBeLookedInto(copy("app"))).isTrue();
        for (int version = 6; version < 100; version++) {
            copies.add(copy("app"), seen(NONE, "" + version));
            assertThat(copies.isToBeLookedInto(copy("app"))).isFalse();
        }
        assertThat(copies.take(copy("app"))).contains(seen(note("blue", 1), "99"));
        assertThat(copies.take(copy("app"))).isEmpty();
        assertThat(copies.isToBeLookedInto(copy("app"))).isFalse();
    }

    @Test
    void whatALaterStepSaidCountsInPlaceOfWhatWasSaidFirst() {
        copies.add(copy("app"), seen(note("blue", 1), "5"));
        copies.add(copy("app"), seen(note("red", 4), "6"));
        copies.add(copy("app"), seen(note("green", 2), ""));
        assertThat(copies.take(copy("app"))).contains(seen(note("red", 4), ""));
    }

    @Test
    void whatCouldNotBeDoneIsNotedBesideWhatWasSeenSince() {
        copies.add(copy("app"), seen(note("blue", 1), "5"));
        var taken = copies.take(copy("app")).orElseThrow();
        copies.add(copy("app"), seen(NONE, "6"));
        copies.addAgain(copy("app"), taken);
        assertThat(copies.take(copy("app"))).contains(seen(note("blue", 1), "6"));
    }

    @Test
    void ofOneCanaryNoMoreAreKeptThanAPrimaryReads() {
        for (int i = 0; i < 1000; i++) {
            copies.add(copy("app-" + i), seen(NONE, ""));
        }
        assertThat(copies.of(CANARY)).hasSize(200);
        copies.forget(CANARY);
        assertThat(copies.of(CANARY)).isEmpty();
    }
}
