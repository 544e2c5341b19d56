/** Tests of the CustomResourceDefinitions. */
@org.jspecify.annotations.NullMarked
package dev.serinus.schemas.crd;
