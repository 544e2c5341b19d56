/** Mirrors what was decided into Canary.status and Kubernetes events. */
@NullMarked
package dev.serinus.watcher.status;

import org.jspecify.annotations.NullMarked;
