/** Before the first test: PNG pictures need the fonts. */
export { carryFonts as setup } from '../../scripts/third-party.mjs';
