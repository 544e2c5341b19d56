package dev.serinus.demo;

import dev.serinus.demo.load.LoadProgram;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * How the demo is run.
 *
 * @param data where the broker and the log are kept
 * @param keep true: everything stays up after the story
 * @param compare true: the canary is compared with the primary, and the last release is slower
 * @param loadTest what makes load at the canary at each check; null for none
 * @param httpPort of the read API, 0 for any
 */
record DemoOptions(
        Path data, boolean keep, boolean compare, @Nullable LoadProgram loadTest, int httpPort) {}
