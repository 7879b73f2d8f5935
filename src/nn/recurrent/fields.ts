/** Which layer and direction a weight belongs to: `L0`, or `L0Reverse` for the direction from the end. */
type Place = `L${number}${'' | 'Reverse'}`;

/** The field of a weight: `weightIhL0`, `biasHhL1Reverse`. */
export type WeightField = `weight${'Ih' | 'Hh' | 'Hr'}${Place}` | `bias${'Ih' | 'Hh'}${Place}`;

/** The fields of one layer and direction. */
export interface WeightFields {
  readonly ih: WeightField;
  readonly hh: WeightField;
  readonly bih: WeightField;
  readonly bhh: WeightField;
  readonly hr: WeightField;
}

const fieldsAt = (place: Place): WeightFields => ({
  ih: `weightIh${place}`,
  hh: `weightHh${place}`,
  bih: `biasIh${place}`,
  bhh: `biasHh${place}`,
  hr: `weightHr${place}`,
});

/** Both directions of each layer so far. Fields are slow to look up by names that are built anew, so these are kept. */
const made: (readonly [WeightFields, WeightFields])[] = [];

/** The fields of a layer's weights in a direction, 0 or 1. */
export function weightFields(layer: number, direction: number): WeightFields {
  made[layer] ??= [fieldsAt(`L${layer}`), fieldsAt(`L${layer}Reverse`)];
  return made[layer][direction]!;
}
