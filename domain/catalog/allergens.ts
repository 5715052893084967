/**
 * Substances that must be declared on food: Regulation (EU) 1169/2011, Annex II. India's list (FSS Labelling and Display
 * Regulations 2020, 5(14)) is part of it.
 */
export const ALLERGENS = [
  'gluten',
  'crustaceans',
  'eggs',
  'fish',
  'peanuts',
  'soybeans',
  'milk',
  'nuts',
  'celery',
  'mustard',
  'sesame',
  'sulphites',
  'lupin',
  'molluscs',
] as const;
export type Allergen = (typeof ALLERGENS)[number];
