import { packs, type Shelf } from './shelf.ts';

const SNACKS = 'Snacks & Sweets';
const DRINKS = 'Drinks';
const FROZEN = 'Frozen';

export const TREAT_SHELVES: readonly Shelf[] = [
  {
    code: 'CHP',
    category: [SNACKS, 'Crisps & Savoury'],
    aisle: 'A06',
    brands: ['Crackling Kettle', 'Salt Pier'],
    items: [
      ['Salted Crisps', ...packs('bag', ['50 g', 70], ['150 g', 170])],
      ['Chilli Crisps', ...packs('bag', ['50 g', 70], ['150 g', 170])],
      ['Tortilla Chips', ...packs('bag', ['75 g', 110], ['200 g', 230])],
      ['Roasted Chickpea Mix', ...packs('bag', ['100 g', 120], ['400 g', 380])],
    ],
  },
  {
    code: 'BIS',
    category: [SNACKS, 'Biscuits'],
    aisle: 'A06',
    brands: ['Larder & Spoon', 'Tin Lid Bakery'],
    items: [
      ['Butter Biscuits', ...packs('pack', ['100 g', 80], ['300 g', 200])],
      ['Digestive Biscuits', ...packs('pack', ['200 g', 120], ['400 g', 210])],
      ['Chocolate Cookies', ...packs('pack', ['120 g', 150], ['350 g', 360])],
      ['Cream Crackers', ...packs('pack', ['150 g', 110], ['300 g', 190])],
    ],
  },
  {
    code: 'CHO',
    category: [SNACKS, 'Chocolate & Nuts'],
    aisle: 'A07',
    brands: ['Cocoa Ferry', 'Nutwright'],
    items: [
      ['Milk Chocolate', ...packs('bar', ['45 g', 90], ['150 g', 260])],
      ['Dark Chocolate', ...packs('bar', ['80 g', 190], ['160 g', 340])],
      ['Roasted Almonds', ...packs('bag', ['100 g', 260], ['250 g', 560])],
      ['Cashews', ...packs('bag', ['100 g', 290], ['250 g', 640])],
    ],
  },
  {
    code: 'WAT',
    category: [DRINKS, 'Water & Soft Drinks'],
    aisle: 'A08',
    brands: ['Springfall', 'Fizzworks'],
    items: [
      ['Still Water', ...packs('bottle', ['1 l', 50], ['6 x 1.5 l', 330])],
      ['Sparkling Water', ...packs('bottle', ['500 ml', 60], ['6 x 500 ml', 310])],
      ['Cola', ...packs('bottle', ['330 ml', 80], ['1.5 l', 190])],
      ['Ginger Ale', ...packs('bottle', ['330 ml', 90], ['1 l', 180])],
    ],
  },
  {
    code: 'JUI',
    category: [DRINKS, 'Juice'],
    aisle: 'A08',
    brands: ['Pressed Daily', 'Orchard Row'],
    items: [
      ['Orange Juice', ...packs('carton', ['250 ml', 110], ['1 l', 290])],
      ['Apple Juice', ...packs('carton', ['250 ml', 100], ['1 l', 260])],
      ['Mango Nectar', ...packs('carton', ['250 ml', 90], ['1 l', 240])],
      ['Coconut Water', ...packs('carton', ['200 ml', 120], ['1 l', 380])],
    ],
  },
  {
    code: 'TEA',
    category: [DRINKS, 'Tea & Coffee'],
    aisle: 'A09',
    brands: ['Copper Samovar', 'Slow Roast Society'],
    items: [
      ['Black Tea', ...packs('pack', ['100 g', 190], ['500 g', 720])],
      ['Green Tea Bags', ...packs('box', ['25 bags', 210], ['100 bags', 640])],
      ['Filter Coffee', ...packs('pack', ['200 g', 390], ['500 g', 850])],
      ['Instant Coffee', ...packs('jar', ['50 g', 250], ['200 g', 740])],
    ],
  },
  {
    code: 'ICE',
    category: [FROZEN, 'Ice Cream'],
    aisle: 'F01',
    brands: ['Polar Parlour', 'Scoopwell'],
    items: [
      ['Vanilla Ice Cream', ...packs('tub', ['125 ml', 110], ['700 ml', 420])],
      ['Chocolate Ice Cream', ...packs('tub', ['125 ml', 120], ['700 ml', 450])],
      ['Mango Kulfi', ...packs('pack', ['60 ml', 80], ['4 x 60 ml', 290])],
      ['Fruit Lollies', ...packs('pack', ['2 x 60 ml', 130], ['6 x 60 ml', 330])],
    ],
  },
  {
    code: 'FRZ',
    category: [FROZEN, 'Frozen Food'],
    aisle: 'F01',
    brands: ['Polar Pantry', 'Snowfield'],
    items: [
      ['Garden Peas', ...packs('bag', ['500 g', 160], ['1 kg', 280])],
      ['Potato Fries', ...packs('bag', ['420 g', 190], ['1 kg', 350])],
      ['Vegetable Samosas', ...packs('pack', ['240 g', 260], ['500 g', 470])],
      ['Margherita Pizza', ...packs('box', ['300 g', 340], ['2 x 300 g', 590])],
    ],
  },
];
