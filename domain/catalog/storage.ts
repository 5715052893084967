/** How cold an article lies: on the shelf, in the fridge (0 to 5 °C), in the freezer (-18 °C or below). */
export const TEMPERATURE_ZONES = ['ambient', 'chilled', 'frozen'] as const;
export type TemperatureZone = (typeof TEMPERATURE_ZONES)[number];

/** What must be known of an article to store, carry and bag it. */
export interface Storage {
  readonly temperatureZone: TemperatureZone;
  /** Goes on top and into no tote that others are thrown into. */
  readonly fragile: boolean;
}

/** Whole words of category names, singular or plural. */
const FROZEN = words('frozen, ice cream, ice, kulfi');
const CHILLED = words(
  'dairy, milk, curd, yogurt, yoghurt, cheese, butter, paneer, batter, chilled, meat, poultry, chicken, fish, seafood',
);
const FRAGILE = words('egg, glass, glassware');

/**
 * How an article is stored as far as its category says so. A name of several goods, such as "Meats, Fish & Eggs", counts as
 * the coldest and the most fragile of them; cold is what any name of the path says, fragile only what the narrowest does.
 * What nothing is said of is kept on the shelf and is not fragile.
 */
export function storageOf(category: readonly string[]): Storage {
  const path = category.join(' > ');
  const temperatureZone = FROZEN.test(path) ? 'frozen' : CHILLED.test(path) ? 'chilled' : 'ambient';
  return { temperatureZone, fragile: FRAGILE.test(category.at(-1) ?? '') };
}

function words(names: string): RegExp {
  return new RegExp(`\\b(?:${names.replaceAll(', ', '|')})s?\\b`, 'i');
}
