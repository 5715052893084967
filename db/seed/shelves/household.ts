import { packs, type Shelf } from './shelf.ts';

const HOME = 'Home Care';
const CARE = 'Personal Care';

export const HOUSEHOLD_SHELVES: readonly Shelf[] = [
  {
    code: 'LAU',
    category: [HOME, 'Laundry'],
    aisle: 'A10',
    brands: ['Blueline', 'Softwater'],
    items: [
      ['Washing Powder', ...packs('box', ['1 kg', 350], ['4 kg', 1190])],
      ['Liquid Detergent', ...packs('bottle', ['500 ml', 290], ['2 l', 890])],
      ['Fabric Softener', ...packs('bottle', ['500 ml', 240], ['1.5 l', 560])],
      ['Stain Remover', ...packs('bottle', ['250 ml', 310], ['750 ml', 690])],
    ],
  },
  {
    code: 'CLN',
    category: [HOME, 'Cleaning & Paper'],
    aisle: 'A10',
    brands: ['Brightsill', 'Softwater'],
    items: [
      ['Dish Soap', ...packs('bottle', ['250 ml', 130], ['750 ml', 290])],
      ['Floor Cleaner', ...packs('bottle', ['500 ml', 220], ['1 l', 370])],
      ['Kitchen Roll', ...packs('pack', ['2 rolls', 200], ['4 rolls', 360])],
      ['Toilet Paper', ...packs('pack', ['4 rolls', 260], ['12 rolls', 690])],
    ],
  },
  {
    code: 'HYG',
    category: [CARE, 'Bath & Hair'],
    aisle: 'A11',
    brands: ['Fernwater', 'Linden & Lather'],
    items: [
      ['Bar Soap', ...packs('pack', ['100 g', 90], ['4 x 100 g', 310])],
      ['Shower Gel', ...packs('bottle', ['250 ml', 270], ['750 ml', 590])],
      ['Shampoo', ...packs('bottle', ['180 ml', 290], ['650 ml', 790])],
      ['Hand Wash', ...packs('bottle', ['200 ml', 180], ['750 ml', 420])],
    ],
  },
  {
    code: 'ORA',
    category: [CARE, 'Oral Care & First Aid'],
    aisle: 'A11',
    brands: ['Mintmark', 'Fernwater'],
    items: [
      ['Toothpaste', ...packs('tube', ['75 ml', 190], ['150 ml', 330])],
      ['Toothbrush', ...packs('pack', ['1 piece', 150], ['3 pieces', 380])],
      ['Plasters', ...packs('box', ['20 pieces', 210], ['50 pieces', 420])],
      ['Cotton Pads', ...packs('pack', ['60 pieces', 140], ['120 pieces', 240])],
    ],
  },
];
