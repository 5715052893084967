import { describe, expect, test } from 'vitest';
import { storageOf } from './storage.ts';

describe('an article is stored as its category says', () => {
  test.each([
    [['Biscuits'], 'ambient', false],
    [['Dairy, Bread & Batter'], 'chilled', false],
    [['Dairy, Bread & Eggs', 'Milk'], 'chilled', false],
    [['Dairy, Bread & Eggs', 'Eggs'], 'chilled', true],
    [['Frozen', 'Ice Cream'], 'frozen', false],
    [['Ice Cream & Desserts'], 'frozen', false],
    [['Meats, Fish & Eggs'], 'chilled', true],
    [['Frozen', 'Chicken'], 'frozen', false],
    // Words, not letters: rice is not ice, and a dish is no fish.
    [['Staples', 'Rice & Grains'], 'ambient', false],
    [['Spices', 'Dish Wash'], 'ambient', false],
    [['Vegetables', 'Eggplant'], 'ambient', false],
    [[], 'ambient', false],
  ] as const)('%j: %s', (category, temperatureZone, fragile) => {
    expect(storageOf(category)).toEqual({ temperatureZone, fragile });
  });
});
