import { packs, type Shelf } from './shelf.ts';

const DAIRY = 'Dairy, Bread & Eggs';

export const CHILLED_SHELVES: readonly Shelf[] = [
  {
    code: 'MLK',
    category: [DAIRY, 'Milk'],
    aisle: 'C01',
    brands: ['Meadowgate', 'Hill & Hoof'],
    items: [
      ['Whole Milk', ...packs('bottle', ['500 ml', 70], ['1 l', 120])],
      ['Semi-Skimmed Milk', ...packs('bottle', ['500 ml', 65], ['1 l', 110])],
      ['Lactose-Free Milk', ...packs('carton', ['500 ml', 95], ['1 l', 160])],
      ['Oat Drink', ...packs('carton', ['500 ml', 130], ['1 l', 210])],
    ],
  },
  {
    code: 'YOG',
    category: [DAIRY, 'Curd & Yogurt'],
    aisle: 'C01',
    brands: ['Meadowgate', 'Whitecloud'],
    items: [
      ['Curd', ...packs('pot', ['200 g', 60], ['400 g', 100])],
      ['Greek Yogurt', ...packs('pot', ['150 g', 110], ['450 g', 260])],
      ['Mango Yogurt', ...packs('pot', ['125 g', 75], ['4 x 125 g', 260])],
      ['Buttermilk', ...packs('bottle', ['200 ml', 50], ['500 ml', 95])],
    ],
  },
  {
    code: 'CHE',
    category: [DAIRY, 'Cheese & Butter'],
    aisle: 'C02',
    brands: ['Whitecloud', 'Stonebarn'],
    items: [
      ['Salted Butter', ...packs('pack', ['100 g', 150], ['250 g', 330])],
      ['Paneer', ...packs('pack', ['200 g', 220], ['500 g', 490])],
      ['Cheddar Slices', ...packs('pack', ['150 g', 240], ['300 g', 430])],
      ['Mozzarella', ...packs('pack', ['125 g', 170], ['250 g', 310])],
    ],
  },
  {
    code: 'BRD',
    category: [DAIRY, 'Bread'],
    aisle: 'A01',
    brands: ['Early Oven', 'Crumb & Co'],
    items: [
      ['White Bread', ...packs('loaf', ['350 g', 110], ['700 g', 190])],
      ['Wholewheat Bread', ...packs('loaf', ['400 g', 150], ['750 g', 240])],
      ['Burger Buns', ...packs('pack', ['4 pieces', 140], ['6 pieces', 190])],
      ['Tortilla Wraps', ...packs('pack', ['6 pieces', 190], ['12 pieces', 320])],
    ],
  },
  {
    code: 'EGG',
    category: [DAIRY, 'Eggs'],
    aisle: 'A01',
    brands: ['Henfield', 'Straw & Shell'],
    items: [
      ['Free-Range Eggs', ...packs('box', ['6 pieces', 190], ['12 pieces', 350])],
      ['Brown Eggs', ...packs('box', ['6 pieces', 170], ['12 pieces', 310])],
    ],
  },
];
