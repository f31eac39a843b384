/** Retraining from the parameters at hand lives with the models; the lens and the studies take it from here. */
export { type Retrain, type Retrained, retrainer } from "../../models/retrain.ts";
