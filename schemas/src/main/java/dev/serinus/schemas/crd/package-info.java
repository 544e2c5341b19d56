/** The CustomResourceDefinitions of the resource model. */
@NullMarked
package dev.serinus.schemas.crd;

import org.jspecify.annotations.NullMarked;
