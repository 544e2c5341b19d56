package dev.serinus.demo;

import java.nio.file.Path;

/**
 * How the demo is run.
 *
 * @param data where the broker and the log are kept
 * @param keep true: everything stays up after the story
 * @param httpPort of the read API, 0 for any
 */
record DemoOptions(Path data, boolean keep, int httpPort) {}
