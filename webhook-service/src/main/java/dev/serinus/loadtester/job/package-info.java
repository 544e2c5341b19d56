/**
 * Tests that the cluster runs: Jobs, made of manifests in ConfigMaps, where an operator lets it.
 */
@NullMarked
package dev.serinus.loadtester.job;

import org.jspecify.annotations.NullMarked;
