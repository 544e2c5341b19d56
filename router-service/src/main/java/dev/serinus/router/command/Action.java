package dev.serinus.router.command;

/**
 * Carries out one kind of order, as far as it is not so already. It may be called again with the
 * same order, after any part of it was done. Trouble is thrown as {@link
 * dev.serinus.router.objects.Refusal} or {@link dev.serinus.router.objects.Conflict}.
 */
@FunctionalInterface
interface Action {
    ActionResult carryOut(Order order);
}
