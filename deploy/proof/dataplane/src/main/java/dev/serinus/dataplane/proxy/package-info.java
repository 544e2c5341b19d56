/** Real proxies as processes. */
@NullMarked
package dev.serinus.dataplane.proxy;

import org.jspecify.annotations.NullMarked;
