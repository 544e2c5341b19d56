/**
 * Config tracking, decided once: which ConfigMaps and Secrets a pod reads, which of them belong to
 * the application, and when one has changed.
 */
@NullMarked
package dev.serinus.schemas.config;

import org.jspecify.annotations.NullMarked;
