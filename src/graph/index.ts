/** Entry `myelin/graph`: graphs. */
export {};
