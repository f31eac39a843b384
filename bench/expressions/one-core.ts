import { searchRate } from "./search-rate.ts";

/** The rate of a search with one thread, as JSON: to be started on a single core. */
console.log(JSON.stringify(await searchRate(1, Number(process.argv[2]))));
