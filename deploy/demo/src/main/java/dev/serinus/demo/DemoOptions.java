package dev.serinus.demo;

import java.nio.file.Path;

/**
 * How the demo is run.
 *
 * @param data where the broker and the log are kept
 * @param keep true: everything stays up after the story
 * @param compare true: the canary is compared with the primary, and the last release is slower
 * @param httpPort of the read API, 0 for any
 */
record DemoOptions(Path data, boolean keep, boolean compare, int httpPort) {}
