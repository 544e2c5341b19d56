package dev.serinus.analysis.records;

import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.schemas.events.FreezePeriod;
import dev.serinus.schemas.hook.Point;

import java.util.ArrayList;
import java.util.List;

/** Freezes as the journal keeps them. */
final class FreezeRecords {

    private FreezeRecords() {}

    static FreezePeriod of(Freeze freeze) {
        return FreezePeriod.newBuilder()
                .setName(freeze.name())
                .setReason(freeze.reason())
                .setFrom(freeze.from())
                .setUntil(freeze.until())
                .setEnds(freeze.ends())
                .setStarts(freeze.holds().contains(Point.START))
                .setAdvances(freeze.holds().contains(Point.ADVANCE))
                .setPromotions(freeze.holds().contains(Point.PROMOTE))
                .setByAnnotation(freeze.byAnnotation())
                .build();
    }

    static Freeze read(FreezePeriod period) {
        List<Point> holds = new ArrayList<>();
        if (period.getStarts()) {
            holds.add(Point.START);
        }
        if (period.getAdvances()) {
            holds.add(Point.ADVANCE);
        }
        if (period.getPromotions()) {
            holds.add(Point.PROMOTE);
        }
        return new Freeze(
                period.getName(),
                period.getReason(),
                period.getFrom(),
                period.getUntil(),
                period.getEnds(),
                holds,
                period.getByAnnotation());
    }
}
