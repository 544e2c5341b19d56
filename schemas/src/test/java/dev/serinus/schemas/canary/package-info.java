/** Tests of the resource model. */
@org.jspecify.annotations.NullMarked
package dev.serinus.schemas.canary;
