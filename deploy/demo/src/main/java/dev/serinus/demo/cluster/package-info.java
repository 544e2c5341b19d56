/** A cluster in one process: an API server, and a kubelet whose pods are real HTTP servers. */
@NullMarked
package dev.serinus.demo.cluster;

import org.jspecify.annotations.NullMarked;
