/** What the watcher keeps of the cluster's objects: small parts of them, current by watches. */
@NullMarked
package dev.serinus.watcher.cluster;

import org.jspecify.annotations.NullMarked;
