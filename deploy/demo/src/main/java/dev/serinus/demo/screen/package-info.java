/** What the person in front of the demo sees. */
@NullMarked
package dev.serinus.demo.screen;

import org.jspecify.annotations.NullMarked;
