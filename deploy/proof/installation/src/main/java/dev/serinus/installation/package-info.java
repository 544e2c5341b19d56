/** Serinus as the Helm chart installs it, on this machine. */
@NullMarked
package dev.serinus.installation;

import org.jspecify.annotations.NullMarked;
