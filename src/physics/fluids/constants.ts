/**
 * The units of this folder: length Å, energy kcal/mol, force kcal/mol/Å, mass u (g/mol), time fs, velocity Å/fs,
 * temperature K, pressure atm, density g/cm³. Constants: CODATA 2018 (exact SI values), 1 cal = 4.184 J.
 */

/** Boltzmann's constant, kcal/mol/K: R/4184 with R = 8.31446261815324 J/mol/K. */
export const boltzmann = 8.31446261815324 / 4184;

/** An acceleration in Å/fs² for a force of 1 kcal/mol/Å on a mass of 1 u. */
export const forceToAcceleration = 4.184e-4;

/** One kcal/mol/Å³ in atm: 4184 J/mol over N_A · 10⁻³⁰ m³, over 101 325 Pa. */
export const pressureToAtm = 4184 / 6.02214076e23 / 1e-30 / 101_325;

/** One u/Å³ in g/cm³. */
export const densityUnit = 1 / 0.602214076;
