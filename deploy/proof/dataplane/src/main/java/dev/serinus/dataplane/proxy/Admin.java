package dev.serinus.dataplane.proxy;

import dev.serinus.dataplane.cluster.Shares;

import java.io.IOException;
import java.util.Map;

/** What a proxy says of itself, at the address where its operator looks. */
interface Admin {

    /** All applications are hosts of it. */
    String DOMAIN = ".example";

    /** What goes to the canary, by application, in the configuration by which it serves now. */
    Map<String, Shares> shares() throws IOException, InterruptedException;

    /** A text that names all addresses that it sends requests to. */
    String backends() throws IOException, InterruptedException;
}
