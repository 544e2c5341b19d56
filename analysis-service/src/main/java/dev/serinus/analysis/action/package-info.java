/** What people ask for: put on its topic, and answered from the public history. */
@NullMarked
package dev.serinus.analysis.action;

import org.jspecify.annotations.NullMarked;
