/** What is in the cluster, and the servers behind its pods. */
@NullMarked
package dev.serinus.dataplane.cluster;

import org.jspecify.annotations.NullMarked;
