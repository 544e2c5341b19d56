/** OCI layouts in tars: read, written, and held against their digests. */
@NullMarked
package dev.serinus.images.layout;

import org.jspecify.annotations.NullMarked;
