/** 13 to 19 digits in all, as ISO/IEC 7812-1 has them, a space or a hyphen between any two; 2 to 6 and 8 begin the payment cards. */
const DIGITS = /(?<![0-9])[234568](?:[ -]?[0-9]){12,18}(?![0-9])/g;

/** Whether a text holds what looks like the number of a payment card: its digits pass the check of Luhn (ISO/IEC 7812-1, annex B). */
export function holdsCardNumber(text: string): boolean {
  return (text.match(DIGITS) ?? []).some((found) => passesLuhn(found.replaceAll(/[ -]/g, '')));
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - place));
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
