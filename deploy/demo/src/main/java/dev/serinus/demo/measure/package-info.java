/** What was really measured at the pods, and enough of PromQL to be asked for it. */
@NullMarked
package dev.serinus.demo.measure;

import org.jspecify.annotations.NullMarked;
