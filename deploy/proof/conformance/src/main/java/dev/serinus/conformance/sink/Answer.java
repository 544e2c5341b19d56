package dev.serinus.conformance.sink;

import java.time.Duration;

/**
 * What the fake server answers.
 *
 * @param type of the content
 * @param delay before it is sent
 */
public record Answer(int status, String type, String body, Duration delay) {}
