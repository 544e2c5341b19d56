/**
 * The demo: a pretend cluster with real traffic, Serinus as it is, a good release and a bad one.
 */
@NullMarked
package dev.serinus.demo;

import org.jspecify.annotations.NullMarked;
