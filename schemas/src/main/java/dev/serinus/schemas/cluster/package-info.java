/** What services keep of a cluster's objects: small parts of them, kept current by a watch. */
@NullMarked
package dev.serinus.schemas.cluster;

import org.jspecify.annotations.NullMarked;
