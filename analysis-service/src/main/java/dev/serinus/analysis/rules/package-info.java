/** What the installation asks of canaries beside their own manifests, as its fleet file says it. */
@NullMarked
package dev.serinus.analysis.rules;

import org.jspecify.annotations.NullMarked;
