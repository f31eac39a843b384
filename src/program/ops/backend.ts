import { defaultDevice } from "@jax-js/jax";

/**
 * Eager evaluation runs on jax-js's `cpu` device: it is the reference of this project, because its float64 is true
 * double precision (the library's default, `wasm`, is float32-grade there). Importing any operation sets it.
 */
defaultDevice("cpu");
