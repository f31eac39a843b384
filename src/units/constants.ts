/** A physical constant with its unit and where its value comes from. */
export interface Constant {
  value: number;
  unit: string;
  /** One standard deviation, in the same unit. */
  uncertainty: number;
  source: string;
}

const AME2020 = "Huang et al., Chinese Physics C 45 (2021) 030002";

/** The unified atomic mass unit times c², as used by the AME2020 evaluation. */
export const atomicMassUnit: Constant = {
  value: 931494.10242,
  unit: "keV",
  uncertainty: 0.00028,
  source: `CODATA 2018 (Tiesinga et al., Rev. Mod. Phys. 93 (2021) 025010); ${AME2020}`,
};

/** The mass of the neutral ¹H atom: one proton and one electron, bound. */
export const hydrogenMass: Constant = {
  value: 1.007825031898,
  unit: "u",
  uncertainty: 1.4e-11,
  source: AME2020,
};

/** The mass of the free neutron. */
export const neutronMass: Constant = {
  value: 1.0086649159,
  unit: "u",
  uncertainty: 4.7e-10,
  source: AME2020,
};

/** (m_n − m(¹H))c²: the energy that a neutron's β⁻ decay sets free. */
export const neutronHydrogenDifference: Constant = {
  value: 782.347,
  unit: "keV",
  uncertainty: 0.0004,
  source: AME2020,
};

/** The binding energy of ⁴He as a neutral atom: 2m(¹H) + 2m_n − M(⁴He). */
export const alphaBinding: Constant = {
  value: 28295.66,
  unit: "keV",
  uncertainty: 0.001,
  source: AME2020,
};
