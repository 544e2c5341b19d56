/** The target and its primary: templates, replicas, the copies of their configs. */
@NullMarked
package dev.serinus.router.workload;

import org.jspecify.annotations.NullMarked;
