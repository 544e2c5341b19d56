/** The test bed for JUnit: one control plane in each JVM, a namespace for each test class. */
@NullMarked
package dev.serinus.testbed.junit;

import org.jspecify.annotations.NullMarked;
