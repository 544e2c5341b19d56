package dev.serinus.schemas.shell;

/** How a service is, for a kubelet and for people. */
public interface ServiceHealth {

    /** False when only a new process can help; a broker or an API server that is away is none. */
    boolean alive();

    /** True while it does its work. */
    boolean ready();

    /** What it waits for before it is ready, in a sentence for people. */
    String missing();
}
