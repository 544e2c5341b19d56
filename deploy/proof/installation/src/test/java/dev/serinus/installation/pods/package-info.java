/** Plays the kubelet: what a pod says is run as processes of this machine. */
@NullMarked
package dev.serinus.installation.pods;

import org.jspecify.annotations.NullMarked;
