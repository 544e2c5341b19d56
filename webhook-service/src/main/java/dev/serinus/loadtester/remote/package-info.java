/** Tests that another service runs: started there, asked about, and ended there. */
@NullMarked
package dev.serinus.loadtester.remote;

import org.jspecify.annotations.NullMarked;
