package dev.serinus.bench.apiserver;

import java.time.Instant;

/** A metric's answer for one canary, and when it left the provider. */
public record Answer(String canary, Instant at) {}
