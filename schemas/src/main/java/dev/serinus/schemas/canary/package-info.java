/**
 * The Canary, MetricTemplate and AlertProvider resources of flagger.app/v1beta1, and the rules they
 * must obey.
 */
@NullMarked
package dev.serinus.schemas.canary;

import org.jspecify.annotations.NullMarked;
