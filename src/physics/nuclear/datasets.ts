import type { Catalogue } from "../../data/store.ts";
import { ame2020Citation, readAme2020 } from "./ame2020.ts";
import { liveChartCitation, readLiveChart } from "./livechart.ts";
import { readWs4, ws4Citation } from "./ws4.ts";

/** The nuclear data sets that `physlens data add` knows. */
export const nuclearDatasets: Catalogue = {
  ame2020: {
    title: "AME2020 atomic mass evaluation, 3558 nuclides",
    file: "mass.mas20.txt",
    url: "https://www-nds.iaea.org/amdc/ame2020/mass_1.mas20.txt",
    // The second is the beginning of the hash of mass_1.mas20.txt, the same table with another head.
    sha256: ["5ffac3813cb24e8410d17c6bf8fca3deb3eb4a9130cb7138823c907ad3170c73", "94299ea0"],
    checksum: "fixed",
    citation: ame2020Citation,
    read: (bytes, source) => readAme2020(bytes, { source }),
  },
  livechart: {
    title: "IAEA LiveChart of Nuclides, ground states with charge radii",
    file: "ground_states.csv",
    url: "https://nds.iaea.org/relnsd/v1/data?fields=ground_states&nuclides=all",
    sha256: ["94adf7ff923cbdf4ceddbfa5c2aad8bbf7ae220d4992a6f5d82475309307c982"],
    checksum: "live",
    citation: liveChartCitation,
    read: (bytes, source) => readLiveChart(bytes, { source }),
  },
  ws4: {
    title: "WS4 mass model, 10 237 nuclides",
    file: "WS4.txt",
    sha256: ["5690fe123cb744cc0fe0788023f2dc29ed00d278970a4932f9df477c2547771f"],
    checksum: "fixed",
    citation: ws4Citation,
    read: (bytes, source) => readWs4(bytes, { source }),
  },
};
