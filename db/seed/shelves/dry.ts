import { packs, type Shelf } from './shelf.ts';

const STAPLES = 'Staples';

export const DRY_SHELVES: readonly Shelf[] = [
  {
    code: 'RIC',
    category: [STAPLES, 'Rice & Grains'],
    aisle: 'A02',
    brands: ['Riverterrace', 'Old Granary'],
    items: [
      ['Basmati Rice', ...packs('bag', ['1 kg', 280], ['5 kg', 1250])],
      ['Short-Grain Rice', ...packs('bag', ['1 kg', 180], ['5 kg', 790])],
      ['Quinoa', ...packs('bag', ['250 g', 290], ['500 g', 520])],
      ['Rolled Oats', ...packs('bag', ['500 g', 160], ['1 kg', 280])],
    ],
  },
  {
    code: 'FLR',
    category: [STAPLES, 'Flour & Baking'],
    aisle: 'A02',
    brands: ['Old Granary', 'Twin Stone Mill'],
    items: [
      ['Wholewheat Flour', ...packs('bag', ['1 kg', 120], ['5 kg', 520])],
      ['Plain Flour', ...packs('bag', ['500 g', 70], ['1 kg', 110])],
      ['Gram Flour', ...packs('bag', ['500 g', 150], ['1 kg', 270])],
      ['Baking Powder', ...packs('tin', ['50 g', 90], ['100 g', 150])],
    ],
  },
  {
    code: 'PUL',
    category: [STAPLES, 'Pulses'],
    aisle: 'A03',
    brands: ['Riverterrace', 'Fieldnote'],
    items: [
      ['Red Lentils', ...packs('bag', ['500 g', 150], ['1 kg', 270])],
      ['Chickpeas', ...packs('bag', ['500 g', 160], ['1 kg', 290])],
      ['Kidney Beans', ...packs('bag', ['500 g', 170], ['1 kg', 310])],
      ['Split Pigeon Peas', ...packs('bag', ['500 g', 180], ['1 kg', 330])],
    ],
  },
  {
    code: 'OIL',
    category: [STAPLES, 'Oil & Ghee'],
    aisle: 'A03',
    brands: ['Goldpress', 'Grove Nine'],
    items: [
      ['Sunflower Oil', ...packs('bottle', ['500 ml', 170], ['1 l', 290])],
      ['Olive Oil', ...packs('bottle', ['250 ml', 390], ['750 ml', 990])],
      ['Mustard Oil', ...packs('bottle', ['500 ml', 210], ['1 l', 370])],
      ['Ghee', ...packs('jar', ['200 ml', 420], ['500 ml', 890])],
    ],
  },
  {
    code: 'SPI',
    category: [STAPLES, 'Salt, Sugar & Spices'],
    aisle: 'A04',
    brands: ['Tamarind Lane', 'Fieldnote'],
    items: [
      ['Turmeric Powder', ...packs('pack', ['100 g', 90], ['200 g', 160])],
      ['Cumin Seeds', ...packs('pack', ['50 g', 110], ['100 g', 190])],
      ['Sea Salt', ...packs('pack', ['500 g', 60], ['1 kg', 95])],
      ['Cane Sugar', ...packs('pack', ['500 g', 90], ['1 kg', 150])],
    ],
  },
  {
    code: 'PAS',
    category: [STAPLES, 'Pasta & Noodles'],
    aisle: 'A04',
    brands: ['Casa Bronzo', 'Quickwok'],
    items: [
      ['Spaghetti', ...packs('pack', ['500 g', 130], ['1 kg', 220])],
      ['Penne', ...packs('pack', ['500 g', 130], ['1 kg', 220])],
      ['Instant Noodles', ...packs('pack', ['70 g', 50], ['4 x 70 g', 180])],
      ['Rice Noodles', ...packs('pack', ['200 g', 160], ['400 g', 280])],
    ],
  },
  {
    code: 'CER',
    category: [STAPLES, 'Breakfast & Spreads'],
    aisle: 'A05',
    brands: ['Dawnbowl', 'Larder & Spoon'],
    items: [
      ['Corn Flakes', ...packs('box', ['300 g', 210], ['750 g', 420])],
      ['Fruit Muesli', ...packs('bag', ['400 g', 330], ['900 g', 640])],
      ['Peanut Butter', ...packs('jar', ['340 g', 320], ['900 g', 720])],
      ['Wild Honey', ...packs('jar', ['250 g', 360], ['500 g', 640])],
    ],
  },
];
