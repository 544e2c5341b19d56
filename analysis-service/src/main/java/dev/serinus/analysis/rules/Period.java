package dev.serinus.analysis.rules;

import java.time.Instant;

/** From a moment on until another, which is not in it any more. */
record Period(Instant from, Instant until) {}
