package dev.serinus.router.workload;

import dev.serinus.router.objects.Mark;

import org.jspecify.annotations.Nullable;

/**
 * What a copy of a config says of itself, which its metadata tell.
 *
 * @param canary name of the Canary that it was made for
 * @param of name of the config that was copied
 * @param content digest of what was copied; empty where the router that wrote it last notes none
 * @param mark the step that noted the content; null where none is noted
 */
public record CopyNote(String canary, String of, String content, @Nullable Mark mark) {

    /**
     * Which of two notes of one copy is in force: the one of the later step, as somebody may put
     * back what a copy said before. The second counts where the first is of another Canary.
     *
     * @param next was seen after this one
     */
    public CopyNote orLater(CopyNote next) {
        return next.mark != null
                        && (mark == null
                                || !mark.isOf(next.mark.canary())
                                || next.mark.isAfter(mark))
                ? next
                : this;
    }
}
