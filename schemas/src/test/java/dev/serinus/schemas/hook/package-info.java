@org.jspecify.annotations.NullMarked
package dev.serinus.schemas.hook;
