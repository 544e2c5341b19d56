/** Acts: the only writer of workloads, Services and routes. */
@NullMarked
package dev.serinus.router;

import org.jspecify.annotations.NullMarked;
