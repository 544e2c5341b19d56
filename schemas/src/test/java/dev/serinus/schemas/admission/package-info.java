/** Tests of the rules. */
@org.jspecify.annotations.NullMarked
package dev.serinus.schemas.admission;
