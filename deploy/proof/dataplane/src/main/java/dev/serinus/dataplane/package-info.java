/**
 * Releases through real proxies: control plane, proxy, little servers and Serinus in one network
 * namespace.
 */
@NullMarked
package dev.serinus.dataplane;

import org.jspecify.annotations.NullMarked;
