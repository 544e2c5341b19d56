/** Manifests as people write them, and all that can be said of them without a cluster. */
@NullMarked
package dev.serinus.schemas.manifest;

import org.jspecify.annotations.NullMarked;
