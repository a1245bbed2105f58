import { slaCompositeFigure, lowestCommitment } from "./slaComposite";
import type { AvailabilityInputs } from "./inputs";
import { notes } from "./notes";
import { readFigure, regionCases, writeFigure } from "./paths";
import { recoveries, strategy, writingRegions } from "./recovery";
import { singlePoints } from "./singlePoints";
import type { Figure, InstallationShape, RegionShape, ServiceLevelFigures } from "./types";

/**
 * An installation's availability as AWS promises it and as the model expects it, for
 * reads and writes, and recovery from each kind of disruption. docs/availability-model.md has every
 * formula. Pure; some hundredths of a millisecond.
 * @param shape at least one region.
 */
export function serviceLevelFigures(
  shape: InstallationShape,
  inputs: AvailabilityInputs,
): ServiceLevelFigures {
  const cases = regionCases(shape, inputs);
  const writers = writingRegions(shape);
  // Without a region that is the writer there is none to fail.
  const writing = writers.length > 0 ? writers : shape.regions;
  const read = {
    slaComposite: worst(shape.regions, inputs),
    modelled: readFigure(shape, cases, inputs),
  };
  const write = {
    slaComposite: worst(writing, inputs),
    modelled: writeFigure(shape, cases, inputs),
  };
  return {
    read,
    write,
    recovery: recoveries(shape, inputs),
    strategy: strategy(shape, inputs),
    singlePoints: singlePoints(shape, cases, write.modelled.parts, inputs),
    cap: lowestCommitment(shape.regions, inputs),
    notes: notes(shape, cases, read, inputs),
  };
}

/** Of regions' promises the lowest: a promise holds for all clients or not at all. */
function worst(regions: RegionShape[], inputs: AvailabilityInputs): Figure {
  return regions
    .map((region) => slaCompositeFigure(region, inputs))
    .reduce((low, one) => (one.availability < low.availability ? one : low));
}
