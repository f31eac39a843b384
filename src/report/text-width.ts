/** Advance widths of Inter Regular for U+0020 … U+007E, in thousandths of the font size (the font's `hmtx` table). */
const advances = [
  281, 288, 466, 633, 642, 982, 644, 300, 365, 365, 501, 662, 288, 460, 288, 360, 631, 407, 610, 618, 646,
  593, 620, 566, 619, 620, 288, 302, 662, 662, 662, 511, 966, 690, 654, 730, 722, 601, 590, 746, 743, 269,
  571, 672, 565, 903, 753, 765, 639, 765, 644, 642, 646, 744, 690, 985, 682, 679, 629, 365, 360, 365, 471,
  456, 323, 562, 612, 571, 612, 583, 370, 613, 591, 242, 242, 549, 242, 876, 591, 600, 612, 612, 376, 528,
  327, 591, 562, 818, 546, 562, 552, 426, 333, 426, 662,
];

/** The width given to a character outside the table: that of a wide letter, so that room is never too small. */
const elsewhere = 690;

/**
 * Room in px to keep for one line of `text`: a reader's browser without Inter sets a wider font, about a tenth wider
 * for the widest of the common ones.
 */
export function textRoom(text: string, fontSize: number): number {
  return 1.1 * textWidth(text, fontSize);
}

/** Width in px of one line of `text` set in Inter Regular at `fontSize` px, without kerning. */
export function textWidth(text: string, fontSize: number): number {
  let sum = 0;
  for (const character of text) sum += advances[character.codePointAt(0)! - 32] ?? elsewhere;
  return (sum * fontSize) / 1000;
}
