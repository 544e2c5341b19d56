/** The five services in one JVM, with a broker of their own or an existing one. */
@NullMarked
package dev.serinus.cli;

import org.jspecify.annotations.NullMarked;
