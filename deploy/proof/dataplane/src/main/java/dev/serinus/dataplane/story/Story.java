package dev.serinus.dataplane.story;

import java.util.List;

/** What happens to one application. */
public interface Story {

    /** All of them; they play at the same time. */
    static List<Story> all(int flips) {
        return List.of(
                new ReleaseStory(),
                new MatchStory(),
                new AffinityStory(),
                new LeavingStory(),
                new DelegateStory(),
                new FlipStory(flips));
    }

    /** By which it is asked for. */
    String name();

    /** Plays it; what is wrong is among the findings. */
    void play(Stage stage) throws InterruptedException;
}
