package dev.serinus.demo.screen;

/** Where the demo tells its story. Safe for use by many threads. */
public interface Screen extends AutoCloseable {

    /** The heading of an act. */
    void heading(String text);

    /** One line of the story. */
    void say(String text);

    /** One line about something that Serinus did or found. */
    void event(Line line);

    /** What it looks like at this moment. */
    void show(ScreenState scene);

    @Override
    void close();

    /** How a line is meant. */
    enum Tone {
        NEUTRAL,
        GOOD,
        BAD
    }

    /** A line of text and how it is meant. */
    record Line(Tone tone, String text) {}
}
