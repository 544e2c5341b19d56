/** Commands that look at manifests in files, without a cluster. */
@NullMarked
package dev.serinus.cli.manifest;

import org.jspecify.annotations.NullMarked;
