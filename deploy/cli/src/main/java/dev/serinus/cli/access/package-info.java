/** Who may do what on which topic, group and transaction of Kafka. */
@NullMarked
package dev.serinus.cli.access;

import org.jspecify.annotations.NullMarked;
