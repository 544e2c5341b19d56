package dev.serinus.analysis.api;

/** How a service is. */
public interface Health {

    /** True while it does its work. */
    boolean ready();

    /** False when only a new process can help. */
    boolean alive();
}
