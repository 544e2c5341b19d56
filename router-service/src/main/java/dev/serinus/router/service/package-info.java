/** The three Kubernetes Services of a canary. */
@NullMarked
package dev.serinus.router.service;

import org.jspecify.annotations.NullMarked;
