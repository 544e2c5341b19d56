package dev.serinus.dataplane.story;

import dev.serinus.dataplane.cluster.Weights;
import dev.serinus.dataplane.traffic.Answer;

import java.util.List;

/**
 * One step of a rollout as its proxy served it.
 *
 * @param declared when the route was written, and what it said
 * @param answers to requests that were sent once the proxy had taken it over and answered before it
 *     took over the next; none when it never did
 */
record Step(Weights.Change declared, List<Answer> answers) {}
