/** The real Kafka broker inside this process. */
@NullMarked
package dev.serinus.broker;

import org.jspecify.annotations.NullMarked;
