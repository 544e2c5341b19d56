/** The proxies' programs and their resource definitions. */
@NullMarked
package dev.serinus.dataplane.binaries;

import org.jspecify.annotations.NullMarked;
