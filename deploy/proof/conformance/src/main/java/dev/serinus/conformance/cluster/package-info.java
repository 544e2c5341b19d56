/** A Kubernetes cluster in memory: an API server and what makes workloads ready. */
@NullMarked
package dev.serinus.conformance.cluster;

import org.jspecify.annotations.NullMarked;
