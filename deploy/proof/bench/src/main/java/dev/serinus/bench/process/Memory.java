package dev.serinus.bench.process;

/**
 * Memory of a process in mebibytes.
 *
 * @param resident now, {@code VmRSS}
 * @param peak the most it ever was, {@code VmHWM}
 */
public record Memory(double resident, double peak) {}
