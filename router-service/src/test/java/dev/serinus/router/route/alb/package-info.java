@org.jspecify.annotations.NullMarked
package dev.serinus.router.route.alb;
