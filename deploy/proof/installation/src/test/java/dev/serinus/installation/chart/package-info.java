/** What the chart says: its files, and what Helm makes of them. */
@NullMarked
package dev.serinus.installation.chart;

import org.jspecify.annotations.NullMarked;
